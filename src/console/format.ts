import { formatIp, type IpHex } from '../base/ip.ts';
import { formatDurationMs, isoTime, msOf } from '../base/time.ts';

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
// Sweden writes dates as ISO 8601 does: the same for every reader, and it sorts.
const DAY = new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });
const NUMBER = new Intl.NumberFormat();

/** Milliseconds of an instant as the API writes it. */
export function toMs(nanos: string): number {
  return msOf(BigInt(nanos));
}

/** Clock time in the reader's zone, with `digits` decimals. */
export function clock(nanos: string, digits = 0): string {
  const ms = toMs(nanos);
  const text = CLOCK.format(ms);
  if (digits === 0) return text;
  const fraction = (BigInt(nanos) % 1_000_000_000n).toString().padStart(9, '0').slice(0, digits);
  return `${text}.${fraction}`;
}

/** Clock time of milliseconds since the epoch. */
export function clockOf(ms: number): string {
  return CLOCK.format(ms);
}

/** Date and clock time in the reader's zone. */
export function dateTime(nanos: string): string {
  const ms = toMs(nanos);
  return `${DAY.format(ms)} ${CLOCK.format(ms)}`;
}

/** Full instant in UTC, for hover text. */
export function utc(nanos: string): string {
  return isoTime(BigInt(nanos), 6);
}

/** `3 m ago` between two instants. */
export function ago(then: string, nowMs: number): string {
  const ms = Math.max(0, nowMs - toMs(then));
  const [value, unit] = ms < 60_000 ? [ms / 1000, 's'] : ms < 3_600_000 ? [ms / 60_000, 'min'] : ms < 172_800_000 ? [ms / 3_600_000, 'h'] : [ms / 86_400_000, 'd'];
  return `${Math.floor(value)} ${unit} ago`;
}

export function duration(nanos: string): string {
  return formatDurationMs(toMs(nanos));
}

export function rtt(ns: number | null): string {
  if (ns === null) return 'no answer';
  const ms = ns / 1e6;
  if (ms < 0.1) return `${(ns / 1000).toFixed(0)} µs`;
  return ms < 10 ? `${ms.toFixed(2)} ms` : ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function percent(ratio: number | null): string {
  return ratio === null ? 'unknown' : `${Number((ratio * 100).toPrecision(3))} %`;
}

export function count(n: number): string {
  return NUMBER.format(n);
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(n: number | null): string {
  if (n === null) return '–';
  let value = n;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${BYTE_UNITS[unit]}`;
}

const BIT_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];

export function bitRate(bitsPerSecond: number): string {
  let value = bitsPerSecond;
  let unit = 0;
  while (value >= 1000 && unit < BIT_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || value === 0 ? value.toFixed(0) : value.toPrecision(3)} ${BIT_UNITS[unit]}`;
}

export function address(ip: string): string {
  return formatIp(ip as IpHex);
}

/** Address with port, brackets for IPv6 (RFC 5952 §6). */
export function endpoint(ip: string, port: number): string {
  const text = address(ip);
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 41: 'IPv6', 47: 'GRE', 50: 'ESP', 58: 'ICMPv6', 89: 'OSPF', 132: 'SCTP' };

export function protocol(n: number): string {
  return PROTOCOLS[n] ?? `proto ${n}`;
}
