import type { Brand } from './brand.ts';
import { toHex } from './bytes.ts';

/**
 * An address as 32 hex digits: 16 bytes, IPv4 mapped (::ffff:a.b.c.d, RFC 4291 §2.5.5.2).
 *
 * One width and one order for both families, so that a CIDR is a BETWEEN in every engine.
 */
export type IpHex = Brand<string, 'IpHex'>;

/** A CIDR as the first and last address in it. */
export interface IpRange {
  readonly first: IpHex;
  readonly last: IpHex;
  /** Prefix length in the family's own terms (0..32 or 0..128). */
  readonly prefix: number;
  readonly family: 4 | 6;
}

const MAPPED = '00000000000000000000ffff';

/** Address of 4 or 16 bytes at `at`. */
export function ipHex(b: Uint8Array, at: number, family: 4 | 6): IpHex {
  return (family === 4 ? MAPPED + toHex(b, at, at + 4) : toHex(b, at, at + 16)) as IpHex;
}

export function isIpv4(ip: IpHex): boolean {
  return ip.startsWith(MAPPED);
}

/** Text of an address: dotted quad, or RFC 5952's canonical form. */
export function formatIp(ip: IpHex): string {
  if (isIpv4(ip)) {
    const v = Number.parseInt(ip.slice(24), 16);
    return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
  }
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(ip.slice(4 * i, 4 * i + 4), 16));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
  }
  const text = (from: number, to: number): string => groups.slice(from, to).map((g) => g.toString(16)).join(':');
  return best < 0 ? text(0, 8) : `${text(0, best)}::${text(best + bestLength, 8)}`;
}

function parseIpv4(text: string): string | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (m === null) return undefined;
  let hex = '';
  for (let i = 1; i <= 4; i++) {
    const v = Number(m[i]);
    if (v > 255) return undefined;
    hex += v.toString(16).padStart(2, '0');
  }
  return hex;
}

/** Address of a text, either family; undefined where it is none. Zone ids (`%eth0`) are not taken. */
export function parseIp(text: string): IpHex | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return (MAPPED + v4) as IpHex;
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const expand = (half: string): string | undefined => {
    if (half === '') return '';
    let out = '';
    const groups = half.split(':');
    for (const [i, g] of groups.entries()) {
      if (g.includes('.')) {
        const tail = i === groups.length - 1 ? parseIpv4(g) : undefined;
        if (tail === undefined) return undefined;
        out += tail;
      } else {
        if (g.length === 0 || g.length > 4) return undefined;
        out += g.toLowerCase().padStart(4, '0');
      }
    }
    return out;
  };
  const left = expand(halves[0]);
  if (left === undefined) return undefined;
  if (halves.length === 1) return left.length === 32 ? (left as IpHex) : undefined;
  const right = expand(halves[1]);
  if (right === undefined || left.length + right.length > 28) return undefined;
  return (left + '0'.repeat(32 - left.length - right.length) + right) as IpHex;
}

/** Range of `10.0.0.0/8`, `2001:db8::/32` or a single address; bits beyond the prefix are ignored. Undefined where it is none. */
export function parseCidr(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  const family = isIpv4(ip) ? 4 : 6;
  const width = family === 4 ? 32 : 128;
  const given = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(given) || Number(given) > width) return undefined;
  const prefix = Number(given);
  const host = BigInt(width - prefix);
  const value = BigInt(`0x${ip}`);
  const first = (value >> host) << host;
  const last = first | ((1n << host) - 1n);
  const hex = (v: bigint): IpHex => v.toString(16).padStart(32, '0') as IpHex;
  return { first: hex(first), last: hex(last), prefix, family };
}

export function ipInRange(ip: IpHex, range: IpRange): boolean {
  return ip >= range.first && ip <= range.last;
}
