// Records as Suricata's EVE events (event types and keys of its documented format), one object each.
import { formatIp, isIpv4 } from '../base/ip.ts';
import { isoTime, secondsOf, type Nanos } from '../base/time.ts';
import type { DhcpRecord, DnsRecord, FileRecord, FlowRecord, HttpRecord, ProtocolHead, ProtocolRecord, TlsRecord, TransactionRecord, TransactionValue } from '../model/index.ts';
import { dnsRcodeName, dnsTypeName } from '../wire/codecs/dns-names.ts';
import { flowNumber } from './log-uids.ts';
import type { LogContext } from './log-format.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type EveEvent = { readonly [key: string]: Json | undefined };

const PROTO: Readonly<Record<number, string>> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 58: 'IPv6-ICMP', 132: 'SCTP' };

/** `2009-11-24T21:27:09.534255+0000`. */
export function eveTime(time: Nanos): string {
  return isoTime(time, 6).replace('Z', '+0000');
}

interface Ends {
  readonly time: Nanos;
  readonly srcIp: FlowRecord['srcIp'];
  readonly dstIp: FlowRecord['dstIp'];
  readonly srcPort: number;
  readonly dstPort: number;
  readonly proto: number;
  readonly linkId: string;
}

function head(type: string, r: Ends, flow: number, frame: number): Record<string, Json | undefined> {
  const ported = r.proto === 6 || r.proto === 17 || r.proto === 132;
  return {
    timestamp: eveTime(r.time), flow_id: flow, in_iface: r.linkId === 'file' ? undefined : r.linkId, event_type: type, src_ip: formatIp(r.srcIp), src_port: ported ? r.srcPort : undefined,
    dest_ip: formatIp(r.dstIp), dest_port: ported ? r.dstPort : undefined, proto: PROTO[r.proto] ?? String(r.proto).padStart(3, '0'), ip_v: isIpv4(r.srcIp) ? 4 : 6,
    icmp_type: r.proto === 1 || r.proto === 58 ? r.srcPort : undefined, icmp_code: r.proto === 1 || r.proto === 58 ? r.dstPort : undefined, pkt_src: 'wire/pcap', pcap_cnt: frame,
  };
}

const ofRecord = (type: string, r: ProtocolHead, ctx: LogContext): Record<string, Json | undefined> => head(type, r, flowNumber(r.flowId, ctx.host), r.firstFrame);

/** What Zeek's states say, in EVE's three words. */
function flowState(f: FlowRecord): string {
  if (f.proto !== 6) return f.dstPackets > 0 ? 'established' : 'new';
  if (f.connState === 'S1' || f.connState === 'S2' || f.connState === 'S3') return 'established';
  return f.connState === 'S0' || f.connState === 'SH' || f.connState === 'SHR' ? 'new' : 'closed';
}

const APP_PROTO: Readonly<Record<string, string>> = { ssl: 'tls', dce_rpc: 'dcerpc', 'ftp-data': 'ftp-data', krb_tcp: 'krb5', ldap_tcp: 'ldap', ldap_udp: 'ldap' };

export function flowEvent(f: FlowRecord, ctx: LogContext): EveEvent {
  const [service] = f.service;
  return {
    ...head('flow', { ...f, time: f.end }, flowNumber(f.id, ctx.host), f.lastFrame), vlan: f.vlans.length > 0 ? f.vlans : undefined, community_id: f.communityId,
    app_proto: service === undefined ? 'failed' : (APP_PROTO[service] ?? service),
    flow: {
      pkts_toserver: f.srcPackets, pkts_toclient: f.dstPackets, bytes_toserver: f.srcIpBytes, bytes_toclient: f.dstIpBytes, start: eveTime(f.time), end: eveTime(f.end),
      age: Math.floor(secondsOf(f.end - f.time)), state: flowState(f), reason: f.endReason === 'idle_timeout' || f.endReason === 'active_timeout' ? 'timeout' : f.endReason === 'end_of_capture' ? 'shutdown' : 'forced', alerted: false,
    },
  };
}

/** Events of a record: DNS has one for the question and one for the answer; records without an event type have none. */
export function recordEvents(r: ProtocolRecord, ctx: LogContext): readonly EveEvent[] {
  switch (r.kind) {
    case 'dns': return dnsEvents(r, ctx);
    case 'http': return [httpEvent(r, ctx)];
    case 'tls': return [tlsEvent(r, ctx)];
    case 'dhcp': return [dhcpEvent(r, ctx)];
    case 'file': return [fileEvent(r, ctx)];
    case 'anomaly': return [{ ...ofRecord('anomaly', r, ctx), anomaly: { type: 'stream', event: r.name } }];
    case 'transaction': return transactionEvents(r, ctx);
    case 'arp': return [];
  }
}

function dnsEvents(r: DnsRecord, ctx: LogContext): EveEvent[] {
  const out: EveEvent[] = [];
  const queries = [{ rrname: r.query, rrtype: dnsTypeName(r.qtype) }];
  const flags = { rd: r.recursionDesired || undefined };
  if (r.queryFrame !== null) out.push({ ...ofRecord('dns', r, ctx), pcap_cnt: r.queryFrame, dns: { version: 3, type: 'request', tx_id: 0, id: r.transactionId, ...flags, opcode: 0, rcode: 'NOERROR', queries } });
  if (r.rcode === null) return out;
  const answers = r.answers.map((rdata, i) => ({ rrname: r.query, rrtype: dnsTypeName(r.answerTypes[i] ?? r.qtype), ttl: r.ttls[i], rdata }));
  const grouped: Record<string, string[]> = {};
  for (const a of answers) (grouped[a.rrtype] ??= []).push(a.rdata);
  out.push({
    ...ofRecord('dns', r, ctx), timestamp: eveTime(r.time + (r.rtt ?? 0n)), pcap_cnt: r.responseFrame ?? r.lastFrame,
    dns: {
      version: 3, type: 'response', tx_id: 0, id: r.transactionId, qr: true, aa: r.authoritative || undefined, tc: r.truncated || undefined, ...flags, ra: r.recursionAvailable || undefined,
      opcode: 0, rcode: dnsRcodeName(r.rcode), queries, answers: answers.length > 0 ? answers : undefined, grouped: answers.length > 0 ? grouped : undefined,
    },
  });
  return out;
}

function httpEvent(r: HttpRecord, ctx: LogContext): EveEvent {
  return {
    ...ofRecord('http', r, ctx), tx_id: r.transDepth - 1,
    http: {
      hostname: r.host ?? undefined, url: r.uri ?? undefined, http_user_agent: r.userAgent ?? undefined, http_content_type: r.contentType?.split(';', 1)[0].trim(), http_refer: r.referrer ?? undefined,
      http_method: r.method ?? undefined, protocol: r.version ?? undefined, status: r.statusCode ?? undefined, redirect: r.location ?? undefined, length: r.responseBodyBytes,
    },
  };
}

function tlsEvent(r: TlsRecord, ctx: LogContext): EveEvent {
  const [leaf] = r.certificates;
  return {
    ...ofRecord('tls', r, ctx),
    tls: {
      subject: leaf?.subject, issuerdn: leaf?.issuer, serial: leaf?.serial, fingerprint: undefined, sni: r.serverName ?? undefined, version: r.version?.replace('TLSv1', 'TLS 1') ?? 'UNDETERMINED',
      notbefore: leaf === undefined ? undefined : eveTime(leaf.notBefore).slice(0, 19), notafter: leaf === undefined ? undefined : eveTime(leaf.notAfter).slice(0, 19),
      session_resumed: r.resumed || undefined, client_alpns: r.alpn.length > 0 ? r.alpn : undefined, server_alpns: r.nextProtocol === null ? undefined : [r.nextProtocol],
      ja3: r.ja3 === null ? undefined : { hash: r.ja3 }, ja3s: r.ja3s === null ? undefined : { hash: r.ja3s }, ja4: r.ja4 ?? undefined,
    },
  };
}

function dhcpEvent(r: DhcpRecord, ctx: LogContext): EveEvent {
  const last = r.messages.at(-1) ?? '';
  const reply = /^(OFFER|ACK|NAK)$/.test(last);
  return {
    ...ofRecord('dhcp', r, ctx),
    dhcp: {
      type: reply ? 'reply' : 'request', id: r.transactionId, client_mac: r.clientMac, assigned_ip: r.assignedIp === null ? '0.0.0.0' : formatIp(r.assignedIp), dhcp_type: last.toLowerCase() || undefined,
      hostname: r.hostname ?? undefined, requested_ip: r.requestedIp === null ? undefined : formatIp(r.requestedIp), lease_time: r.leaseSeconds ?? undefined, vendor_class_identifier: r.vendorClass ?? undefined,
    },
  };
}

function fileEvent(r: FileRecord, ctx: LogContext): EveEvent {
  const event = ofRecord('fileinfo', r, ctx);
  // The file's sender is the source.
  if (!r.fromInitiator) Object.assign(event, { src_ip: event.dest_ip, src_port: event.dest_port, dest_ip: event.src_ip, dest_port: event.src_port });
  return {
    ...event, app_proto: r.source,
    fileinfo: {
      filename: r.name ?? '', magic: r.mimeType ?? undefined, gaps: r.missingBytes > 0, state: r.complete ? 'CLOSED' : 'TRUNCATED', md5: r.md5 ?? undefined, sha1: r.sha1 ?? undefined,
      sha256: r.sha256 ?? undefined, stored: false, size: r.bytes, tx_id: 0,
    },
  };
}

type Values = Readonly<Record<string, TransactionValue>>;
const given = (v: TransactionValue | undefined): Json | undefined => v ?? undefined;

/** `SSH-2.0-OpenSSH_9.6` in its parts (RFC 4253 §4.2). */
function greetingParts(greeting: TransactionValue | undefined): EveEvent {
  const found = typeof greeting === 'string' ? /^SSH-([^-]*)-(\S*)/.exec(greeting) : null;
  return { proto_version: found?.[1], software_version: found?.[2] };
}

/** Transactions in EVE's own shape, by protocol; the rest keep the names of their values. */
const SHAPES: Readonly<Record<string, (v: Values) => EveEvent>> = {
  ftp: (v) => ({
    ftp: {
      command: given(v.command), command_data: given(v.arg), completion_code: v.reply_code === null ? undefined : [String(v.reply_code)], reply: v.reply_msg === '' ? undefined : [String(v.reply_msg)], reply_received: v.reply_code === null ? 'no' : 'yes',
    },
  }),
  smtp: (v) => ({
    smtp: { helo: given(v.helo), mail_from: v.mailfrom === null ? undefined : `<${String(v.mailfrom)}>`, rcpt_to: (v.rcptto as readonly string[]).map((a) => `<${a}>`) },
    email: { status: 'PARSE_DONE', from: given(v.from), to: given(v.to), cc: Array.isArray(v.cc) && v.cc.length > 0 ? given(v.cc) : undefined, subject: given(v.subject), message_id: given(v.msg_id) },
  }),
  ssh: (v) => ({
    ssh: {
      client: { ...greetingParts(v.client), hassh: v.hassh === null ? undefined : { hash: given(v.hassh) } },
      server: { ...greetingParts(v.server), hassh: v.hasshServer === null ? undefined : { hash: given(v.hasshServer) } },
    },
  }),
};
const EVENT_TYPES: Readonly<Record<string, string>> = { kerberos: 'krb5', rfb: 'rfb', smb_files: 'smb', smb_mapping: 'smb', dce_rpc: 'dcerpc', ntlm: 'smb' };

function transactionEvents(r: TransactionRecord, ctx: LogContext): EveEvent[] {
  const type = EVENT_TYPES[r.protocol] ?? r.protocol;
  const shape = SHAPES[r.protocol];
  const body = shape === undefined ? { [type]: Object.fromEntries(Object.entries(r.values).filter(([, v]) => v !== null)) as EveEvent } : shape(r.values);
  return [{ ...ofRecord(type, r, ctx), ...body }];
}
