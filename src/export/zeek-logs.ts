// Records as rows of the logs that Zeek writes: names, order and types of its columns, in one place for both of its forms.
import { formatIp } from '../base/ip.ts';
import { secondsOf, type Nanos } from '../base/time.ts';
import type {
  AnomalyRecord, CertificateSummary, DhcpRecord, DnsRecord, FileRecord, FlowRecord, HttpRecord, ProtocolHead, ProtocolRecord, TlsRecord, TransactionRecord,
  TransactionValue,
} from '../model/index.ts';
import type { LogType } from '../wire/session.ts';
import { cipherName, curveName } from '../wire/codecs/tls-names.ts';
import { dnsClassName, dnsRcodeName, dnsTypeName } from '../wire/codecs/dns-names.ts';
import { flowProto } from './flow-text.ts';
import type { LogContext } from './log-format.ts';
import { connUid, fileUid } from './log-uids.ts';

/** A value of a row; instants and spans are seconds, null = unset. */
export type ZeekValue = TransactionValue;

export interface ZeekColumn {
  readonly name: string;
  readonly type: LogType;
}

/** One row of one log, its values in the order of the log's columns. */
export interface ZeekRow {
  readonly path: string;
  readonly values: readonly ZeekValue[];
}

const columns = (text: string): readonly ZeekColumn[] =>
  text.trim().split(/\s+/).map((entry) => {
    const [name, type = 'string'] = entry.split(':');
    return { name, type: type as LogType };
  });

const HEAD = 'ts:time uid id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port';

const FIXED: Readonly<Record<string, readonly ZeekColumn[]>> = {
  conn: columns(`${HEAD} proto:enum service duration:interval orig_bytes:count resp_bytes:count conn_state local_orig:bool local_resp:bool missed_bytes:count
    history orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string] ip_proto:count community_id`),
  dns: columns(`${HEAD} proto:enum trans_id:count rtt:interval query qclass:count qclass_name qtype:count qtype_name rcode:count rcode_name AA:bool TC:bool
    RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool`),
  http: columns(`${HEAD} trans_depth:count method host uri referrer version user_agent origin request_body_len:count response_body_len:count
    status_code:count status_msg info_code:count info_msg tags:set[string] username password proxied:set[string] resp_mime_types:vector[string]`),
  ssl: columns(`${HEAD} version cipher curve server_name resumed:bool last_alert next_protocol established:bool ssl_history cert_chain_fps:vector[string]
    client_cert_chain_fps:vector[string] subject issuer ja3 ja3s ja4`),
  x509: columns(`ts:time fingerprint certificate.serial certificate.subject certificate.issuer certificate.not_valid_before:time
    certificate.not_valid_after:time certificate.key_alg certificate.sig_alg certificate.key_length:count san.dns:vector[string]`),
  dhcp: columns(`ts:time uids:set[string] client_addr:addr server_addr:addr mac host_name client_fqdn requested_addr:addr assigned_addr:addr
    lease_time:interval msg_types:vector[string] duration:interval`),
  files: columns(`ts:time fuid uid id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port source depth:count mime_type filename is_orig:bool
    seen_bytes:count total_bytes:count missing_bytes:count timedout:bool md5 sha1 sha256`),
  known_hosts: columns('ts:time host:addr'),
  known_services: columns('ts:time host:addr port_num:port port_proto:enum service:set[string]'),
  software: columns(`ts:time host:addr host_p:port software_type:enum name version.major:count version.minor:count version.minor2:count version.minor3:count
    version.addl unparsed_version`),
  weird: columns(`${HEAD} name addl notice:bool peer source`),
};

/** Columns of a log; a transaction's are those that its session declares. */
export function zeekColumns(path: string, ctx: LogContext): readonly ZeekColumn[] {
  const declared = ctx.columns[path];
  return FIXED[path] ?? [...columns(HEAD), ...Object.entries(declared ?? {}).map(([name, type]) => ({ name, type }))];
}

const span = (ns: Nanos | null): number | null => (ns === null ? null : secondsOf(ns));
const head = (r: ProtocolHead, ctx: LogContext): ZeekValue[] => [secondsOf(r.time), connUid(r.flowId, ctx.host), formatIp(r.srcIp), r.srcPort, formatIp(r.dstIp), r.dstPort];

export function flowRow(f: FlowRecord, ctx: LogContext): ZeekRow {
  const lasting = f.duration !== null && f.duration > 0n;
  const bytes = (n: number | null): number | null => (lasting ? n : null);
  return {
    path: 'conn',
    values: [
      secondsOf(f.time), connUid(f.id, ctx.host), formatIp(f.srcIp), f.srcPort, formatIp(f.dstIp), f.dstPort, flowProto(f.proto),
      f.service.length === 0 ? null : [...f.service].sort().join(','), lasting ? span(f.duration) : null, bytes(f.srcBytes), bytes(f.dstBytes), f.connState,
      f.direction === 'internal' || f.direction === 'outbound', f.direction === 'internal' || f.direction === 'inbound', f.missedBytes, f.history === '' ? null : f.history,
      f.srcPackets, f.srcIpBytes, f.dstPackets, f.dstIpBytes, null, f.proto, f.communityId,
    ],
  };
}

/** The rows of a record: a TLS handshake has one of its own and one for each certificate. */
export function recordRows(r: ProtocolRecord, ctx: LogContext): readonly ZeekRow[] {
  switch (r.kind) {
    case 'dns': return [dnsRow(r, ctx)];
    case 'http': return [httpRow(r, ctx)];
    case 'tls': return [sslRow(r, ctx), ...r.certificates.map((c) => x509Row(r, c))];
    case 'dhcp': return [dhcpRow(r, ctx)];
    case 'file': return [fileRow(r, ctx)];
    case 'anomaly': return [weirdRow(r, ctx)];
    case 'transaction': return [transactionRow(r, ctx)];
    case 'arp': return [];
  }
}

function dnsRow(r: DnsRecord, ctx: LogContext): ZeekRow {
  const answered = r.rcode !== null;
  return {
    path: 'dns',
    values: [
      ...head(r, ctx), flowProto(r.proto), r.transactionId, span(r.rtt), r.query === '' ? null : r.query, r.qclass, dnsClassName(r.qclass), r.qtype, dnsTypeName(r.qtype),
      r.rcode, answered ? dnsRcodeName(r.rcode) : null, r.authoritative, r.truncated, r.recursionDesired, r.recursionAvailable, 0,
      r.answers.length === 0 ? null : r.answers, r.ttls.length === 0 ? null : r.ttls, answered && r.rcode !== 0 && r.answers.length === 0,
    ],
  };
}

function httpRow(r: HttpRecord, ctx: LogContext): ZeekRow {
  return {
    path: 'http',
    values: [
      ...head(r, ctx), r.transDepth, r.method, r.host, r.uri, r.referrer, r.version?.replace(/^HTTP\//i, '') ?? null, r.userAgent, null, r.requestBodyBytes, r.responseBodyBytes,
      r.statusCode, r.statusText, null, null, [], null, null, null, r.contentType === null ? null : [r.contentType.split(';', 1)[0].trim()],
    ],
  };
}

function sslRow(r: TlsRecord, ctx: LogContext): ZeekRow {
  const [leaf] = r.certificates;
  return {
    path: 'ssl',
    values: [
      ...head(r, ctx), r.version?.replaceAll('.', '') ?? null, r.cipher === null ? null : cipherName(r.cipher), r.curve === null ? null : curveName(r.curve), r.serverName,
      r.resumed, r.lastAlert, r.nextProtocol, r.established, null, r.certificates.map((c) => c.sha256), [], leaf?.subject ?? null, leaf?.issuer ?? null, r.ja3, r.ja3s, r.ja4,
    ],
  };
}

function x509Row(r: TlsRecord, c: CertificateSummary): ZeekRow {
  return {
    path: 'x509',
    values: [secondsOf(r.time), c.sha256, c.serial, c.subject, c.issuer, secondsOf(c.notBefore), secondsOf(c.notAfter), c.keyAlgorithm, c.signatureAlgorithm, c.keyBits, c.dnsNames.length === 0 ? null : c.dnsNames],
  };
}

function dhcpRow(r: DhcpRecord, ctx: LogContext): ZeekRow {
  const ip = (x: DhcpRecord['assignedIp']): string | null => (x === null ? null : formatIp(x));
  return {
    path: 'dhcp',
    values: [
      secondsOf(r.time), [connUid(r.flowId, ctx.host)], formatIp(r.srcIp), ip(r.serverIp), r.clientMac, r.hostname, r.clientFqdn, ip(r.requestedIp), ip(r.assignedIp),
      r.leaseSeconds, r.messages, null,
    ],
  };
}

function fileRow(r: FileRecord, ctx: LogContext): ZeekRow {
  return {
    path: 'files',
    values: [
      secondsOf(r.time), fileUid(r.id, ctx.host), connUid(r.flowId, ctx.host), formatIp(r.srcIp), r.srcPort, formatIp(r.dstIp), r.dstPort, r.source.toUpperCase().replace('-', '_'), r.depth,
      r.mimeType, r.name, r.fromInitiator, r.bytes, r.announcedBytes, r.missingBytes, false, r.md5, r.sha1, r.sha256,
    ],
  };
}

function weirdRow(r: AnomalyRecord, ctx: LogContext): ZeekRow {
  return { path: 'weird', values: [...head(r, ctx), r.name, r.count === 1 ? null : String(r.count), false, r.sensorId, null] };
}

function transactionRow(r: TransactionRecord, ctx: LogContext): ZeekRow {
  return { path: r.protocol, values: [...head(r, ctx), ...Object.keys(ctx.columns[r.protocol] ?? {}).map((name) => r.values[name] ?? null)] };
}
