import { fromHex } from '../base/bytes.ts';
import { isIpv4, type IpHex } from '../base/ip.ts';
import type { Field, FieldType, Scheme, ValueNames } from '../filter/field.ts';
import { createScheme, makeField } from '../filter/scheme.ts';
import type { FlowRecord } from './flow.ts';
import type { ProtocolRecord } from './protocol-records.ts';

/**
 * One packet as stored records remember it: a direction of a flow, with the message of a record that it carried, if any.
 *
 * A display filter selects a stored flow where it matches one of these, as it selects a flow of a file where it matches one packet.
 */
export interface RememberedPacket {
  readonly flow: FlowRecord;
  /** 0 = from the initiator. */
  readonly dir: 0 | 1;
  readonly record: ProtocolRecord | null;
  /** Which message of the record it is; null where there is none. */
  readonly side: 'request' | 'response' | null;
  /** Protocol of Wireshark's name that the packet carries above its transport; null = none that was recognised. */
  readonly protocol: string | null;
}

export type KeptValue = number | bigint | boolean | string | Uint8Array;

/** A display-filter field that stored records keep, and how it is read from a remembered packet. */
export interface KeptField {
  readonly field: Field;
  /** The values in this packet, in Wireshark's order; empty where the packet has none. */
  read(p: RememberedPacket): readonly KeptValue[];
}

type Read = (p: RememberedPacket) => readonly (KeptValue | null | undefined)[];
type Kind = ProtocolRecord['kind'];
type RecordOf<K extends Kind> = Extract<ProtocolRecord, { kind: K }>;

const kept: KeptField[] = [];

/** Ids of kept fields are negative: they never meet those that the registry of dissectors gives. */
function keep(name: string, type: FieldType, title: string, read: Read, values?: ValueNames): void {
  const field = makeField(-1 - kept.length, name, type, title, values);
  kept.push({ field, read: (p) => read(p).filter((v) => v !== null && v !== undefined) });
}

const from = (p: RememberedPacket): IpHex => (p.dir === 0 ? p.flow.srcIp : p.flow.dstIp);
const to = (p: RememberedPacket): IpHex => (p.dir === 0 ? p.flow.dstIp : p.flow.srcIp);
const fromPort = (p: RememberedPacket): number => (p.dir === 0 ? p.flow.srcPort : p.flow.dstPort);
const toPort = (p: RememberedPacket): number => (p.dir === 0 ? p.flow.dstPort : p.flow.srcPort);
const fromMac = (p: RememberedPacket): string | null => (p.dir === 0 ? p.flow.srcMac : p.flow.dstMac);
const toMac = (p: RememberedPacket): string | null => (p.dir === 0 ? p.flow.dstMac : p.flow.srcMac);
const v4 = (ip: IpHex): Uint8Array | undefined => (isIpv4(ip) ? fromHex(ip.slice(24)) : undefined);
const v6 = (ip: IpHex): Uint8Array | undefined => (isIpv4(ip) ? undefined : fromHex(ip));
const present = (yes: boolean): readonly KeptValue[] => (yes ? [true] : []);
const over = (proto: number, read: Read): Read => (p) => (p.flow.proto === proto ? read(p) : []);

keep('frame', 'protocol', 'Frame', () => [true]);
keep('eth', 'protocol', 'Ethernet', (p) => present(p.flow.srcMac !== null));
keep('eth.src', 'ether', 'Source', (p) => [fromMac(p)]);
keep('eth.dst', 'ether', 'Destination', (p) => [toMac(p)]);
keep('eth.addr', 'ether', 'Source or destination', (p) => [toMac(p), fromMac(p)]);
keep('vlan', 'protocol', '802.1Q', (p) => present(p.flow.vlans.length > 0));
keep('vlan.id', 'u16', 'VLAN id', (p) => p.flow.vlans);
keep('ip', 'protocol', 'IPv4', (p) => present(isIpv4(p.flow.srcIp)));
keep('ip.src', 'ipv4', 'Source', (p) => [v4(from(p))]);
keep('ip.dst', 'ipv4', 'Destination', (p) => [v4(to(p))]);
keep('ip.addr', 'ipv4', 'Source or destination', (p) => [v4(from(p)), v4(to(p))]);
keep('ip.version', 'u8', 'Version', (p) => (isIpv4(p.flow.srcIp) ? [4] : []));
keep('ip.proto', 'u8', 'Protocol', (p) => (isIpv4(p.flow.srcIp) ? [p.flow.proto] : []), { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 132: 'SCTP' });
keep('ipv6', 'protocol', 'IPv6', (p) => present(!isIpv4(p.flow.srcIp)));
keep('ipv6.src', 'ipv6', 'Source', (p) => [v6(from(p))]);
keep('ipv6.dst', 'ipv6', 'Destination', (p) => [v6(to(p))]);
keep('ipv6.addr', 'ipv6', 'Source or destination', (p) => [v6(from(p)), v6(to(p))]);
keep('ipv6.version', 'u8', 'Version', (p) => (isIpv4(p.flow.srcIp) ? [] : [6]));

for (const [name, proto] of [['tcp', 6], ['udp', 17]] as const) {
  keep(name, 'protocol', name.toUpperCase(), over(proto, () => [true]));
  keep(`${name}.srcport`, 'u16', 'Source port', over(proto, (p) => [fromPort(p)]));
  keep(`${name}.dstport`, 'u16', 'Destination port', over(proto, (p) => [toPort(p)]));
  keep(`${name}.port`, 'u16', 'Source or destination port', over(proto, (p) => [fromPort(p), toPort(p)]));
}

/** Type of the answer to an ICMP or ICMPv6 request: a flow keeps the request's. */
const ICMP_ANSWER: Readonly<Record<number, number>> = { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10 };
const ICMPV6_ANSWER: Readonly<Record<number, number>> = { 128: 129, 129: 128, 131: 130, 130: 131, 133: 134, 134: 133, 135: 136, 136: 135, 139: 140, 140: 139 };
for (const [name, proto, answers] of [['icmp', 1, ICMP_ANSWER], ['icmpv6', 58, ICMPV6_ANSWER]] as const) {
  keep(name, 'protocol', proto === 1 ? 'ICMP' : 'ICMPv6', over(proto, () => [true]));
  keep(`${name}.type`, 'u8', 'Type', over(proto, (p) => [p.dir === 0 ? p.flow.srcPort : answers[p.flow.srcPort] ?? p.flow.srcPort]));
  // A flow of request and answer keeps the answer's type where others have the code, as Zeek does; their code is 0.
  keep(`${name}.code`, 'u8', 'Code', over(proto, (p) => [p.dir === 0 && answers[p.flow.srcPort] === undefined ? p.flow.dstPort : 0]));
}

/** A field of one kind of record. */
function keepOf<K extends Kind>(kind: K, name: string, type: FieldType, title: string, read: (r: RecordOf<K>, request: boolean) => readonly (KeptValue | null | undefined)[], values?: ValueNames): void {
  keep(name, type, title, (p) => (p.record?.kind === kind ? read(p.record as RecordOf<K>, p.side === 'request') : []), values);
}

for (const name of ['dns', 'mdns', 'llmnr', 'http', 'tls', 'dhcp']) keep(name, 'protocol', name.toUpperCase(), (p) => present(p.protocol === name));

const RCODES: ValueNames = { 0: 'No error', 1: 'Format error', 2: 'Server failure', 3: 'No such name', 4: 'Not implemented', 5: 'Refused' };
keepOf('dns', 'dns.id', 'u16', 'Transaction id', (r) => [r.transactionId]);
keepOf('dns', 'dns.flags.response', 'boolean', 'Response', (_, request) => [!request], { 0: 'Message is a query', 1: 'Message is a response' });
keepOf('dns', 'dns.flags.rcode', 'u16', 'Reply code', (r, request) => [request ? null : r.rcode], RCODES);
keepOf('dns', 'dns.qry.name', 'string', 'Name asked for', (r) => (r.qtype === 0 && r.query === '' ? [] : [r.query]));
keepOf('dns', 'dns.qry.type', 'u16', 'Type asked for', (r) => (r.qtype === 0 ? [] : [r.qtype]));
keepOf('dns', 'dns.qry.class', 'u16', 'Class asked for', (r) => (r.qtype === 0 ? [] : [r.qclass]));
keepOf('dns', 'dns.a', 'ipv4', 'Address answered', (r, request) => (request ? [] : r.addresses.map(v4)));
keepOf('dns', 'dns.aaaa', 'ipv6', 'Address answered', (r, request) => (request ? [] : r.addresses.map(v6)));
keepOf('dns', 'dns.cname', 'string', 'Canonical name answered', (r, request) => (request ? [] : r.answers.filter((_, i) => r.answerTypes[i] === 5)));

keepOf('http', 'http.request', 'boolean', 'Request', (r, request) => (request && r.method !== null ? [true] : []));
keepOf('http', 'http.request.method', 'string', 'Method', (r, request) => [request ? r.method : null]);
keepOf('http', 'http.request.uri', 'string', 'Target', (r, request) => [request ? r.uri : null]);
keepOf('http', 'http.host', 'string', 'Host', (r, request) => [request ? r.host : null]);
keepOf('http', 'http.user_agent', 'string', 'User agent', (r, request) => [request ? r.userAgent : null]);
keepOf('http', 'http.referer', 'string', 'Referrer', (r, request) => [request ? r.referrer : null]);
keepOf('http', 'http.response', 'boolean', 'Response', (r, request) => (!request && r.statusCode !== null ? [true] : []));
keepOf('http', 'http.response.code', 'u16', 'Status', (r, request) => [request ? null : r.statusCode]);
keepOf('http', 'http.response.phrase', 'string', 'Reason', (r, request) => [request ? null : r.statusText]);
keepOf('http', 'http.server', 'string', 'Server', (r, request) => [request ? null : r.server]);
keepOf('http', 'http.location', 'string', 'Location', (r, request) => [request ? null : r.location]);
keepOf('http', 'http.content_type', 'string', 'Media type', (r, request) => [request ? r.requestContentType : r.contentType]);

keepOf('tls', 'tls.handshake.extensions_server_name', 'string', 'Server name', (r, request) => [request ? r.serverName : null]);
keepOf('tls', 'tls.handshake.ja3', 'string', 'JA3', (r, request) => [request ? r.ja3 : null]);
keepOf('tls', 'tls.handshake.ja3s', 'string', 'JA3S', (r, request) => [request ? null : r.ja3s]);
keepOf('tls', 'tls.handshake.ja4', 'string', 'JA4', (r, request) => [request ? r.ja4 : null]);

keepOf('dhcp', 'dhcp.id', 'u32', 'Transaction id', (r) => [r.transactionId]);
keepOf('dhcp', 'dhcp.hw.mac_addr', 'ether', 'Client', (r) => [r.clientMac]);
keepOf('dhcp', 'dhcp.option.hostname', 'string', 'Host name', (r) => [r.hostname]);

/** Every field that stored flows and their records keep. */
export const KEPT_FIELDS: readonly KeptField[] = kept;

const KEPT_BY_NAME = new Map(kept.map((k) => [k.field.name, k]));

export function findKeptField(name: string): KeptField | undefined {
  return KEPT_BY_NAME.get(name);
}

/** The scheme of stored records alone. */
export const KEPT_SCHEME: Scheme = createScheme(kept.map((k) => k.field));
