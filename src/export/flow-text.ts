import { formatIp } from '../base/ip.ts';
import { secondsOf, isoTime } from '../base/time.ts';
import type { FlowRecord } from '../model/index.ts';

const PROTO: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp', 132: 'sctp' };

/** Name of an IP protocol as Zeek's conn.log writes it; ICMP and ICMPv6 are one. */
export function flowProto(proto: number): string {
  return PROTO[proto] ?? 'unknown_transport';
}

const ZEEK_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['ts', 'time'], ['uid', 'string'], ['id.orig_h', 'addr'], ['id.orig_p', 'port'], ['id.resp_h', 'addr'], ['id.resp_p', 'port'], ['proto', 'enum'],
  ['service', 'string'], ['duration', 'interval'], ['orig_bytes', 'count'], ['resp_bytes', 'count'], ['conn_state', 'string'], ['local_orig', 'bool'],
  ['local_resp', 'bool'], ['missed_bytes', 'count'], ['history', 'string'], ['orig_pkts', 'count'], ['orig_ip_bytes', 'count'], ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'], ['tunnel_parents', 'set[string]'], ['ip_proto', 'count'], ['community_id', 'string'],
];

/** Head of a conn.log in Zeek's tab-separated form. */
export function zeekConnHead(): string {
  const names = ZEEK_COLUMNS.map(([name]) => name).join('\t');
  const types = ZEEK_COLUMNS.map(([, type]) => type).join('\t');
  return `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${names}\n#types\t${types}\n`;
}

/** One line of conn.log. Byte counts and duration are unset where there is no duration, as Zeek has it. */
export function zeekConnLine(f: FlowRecord): string {
  const lasting = f.duration !== null && f.duration > 0n;
  const bytes = (n: number | null): string => (lasting && n !== null ? String(n) : '-');
  const originLocal = f.direction === 'internal' || f.direction === 'outbound';
  const responderLocal = f.direction === 'internal' || f.direction === 'inbound';
  return `${[
    `${f.time / 1_000_000_000n}.${String((f.time % 1_000_000_000n) / 1000n).padStart(6, '0')}`,
    f.id.slice(f.id.lastIndexOf('/') + 1), formatIp(f.srcIp), f.srcPort, formatIp(f.dstIp), f.dstPort, flowProto(f.proto),
    f.service.length === 0 ? '-' : f.service.join(','), lasting ? secondsOf(f.duration ?? 0n).toFixed(6) : '-', bytes(f.srcBytes), bytes(f.dstBytes),
    f.connState, originLocal ? 'T' : 'F', responderLocal ? 'T' : 'F', f.missedBytes, f.history === '' ? '-' : f.history, f.srcPackets, f.srcIpBytes,
    f.dstPackets, f.dstIpBytes, '-', f.proto, f.communityId,
  ].join('\t')}\n`;
}

/** Bytes as people read them: `1.4 MB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

function endpoint(ip: FlowRecord['srcIp'], port: number): string {
  const text = formatIp(ip);
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** Columns of the table for people, the same width for each row. */
export const FLOW_TABLE_HEAD = `${'start'.padEnd(24)} ${'proto'.padEnd(5)} ${'from'.padEnd(27)} ${'to'.padEnd(27)} ${'service'.padEnd(9)} ${'state'.padEnd(6)} ${'sent'.padStart(8)} ${'received'.padStart(8)} ${'seconds'.padStart(9)} history\n`;

export function flowTableLine(f: FlowRecord): string {
  const cells = [
    isoTime(f.time, 3).replace('T', ' ').replace('Z', '').padEnd(24), flowProto(f.proto).slice(0, 5).padEnd(5), endpoint(f.srcIp, f.srcPort).padEnd(27),
    endpoint(f.dstIp, f.dstPort).padEnd(27), f.service.join(',').padEnd(9), f.connState.padEnd(6), sizeText(f.srcIpBytes).padStart(8),
    sizeText(f.dstIpBytes).padStart(8), (f.duration === null ? '-' : secondsOf(f.duration).toFixed(3)).padStart(9), f.history,
  ];
  return `${cells.join(' ').trimEnd()}\n`;
}
