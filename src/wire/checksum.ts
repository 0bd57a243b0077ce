import { u16be } from '../base/bytes.ts';
import type { Field } from '../filter/field.ts';
import type { PacketView } from './packet-view.ts';

const BAD = 0;
const GOOD = 1;
const UNVERIFIED = 2;

/** One's complement sum of the 16-bit words of `[at, end)` added to `seed` (RFC 1071); 0xffff where a sum that counts itself is right. */
export function internetSum(b: Uint8Array, at: number, end: number, seed = 0): number {
  let sum = seed;
  let i = at;
  for (; i + 1 < end; i += 2) sum += u16be(b, i);
  if (i < end) sum += b[i] << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Sum of the pseudo header of the network layer at hand (RFC 768, RFC 8200 §8.1). */
export function pseudoSum(p: PacketView, proto: number, length: number): number {
  const size = p.ipVersion === 6 ? 16 : 4;
  return internetSum(p.bytes, p.dstAt, p.dstAt + size, internetSum(p.bytes, p.srcAt, p.srcAt + size, proto + length));
}

/**
 * Verifies the checksum over `[at, end)`, whose field stands at `fieldAt`: puts the status, and a note where it is bad. What the
 * capture cut cannot be verified.
 */
export function putChecksum(p: PacketView, status: Field, bad: string, fieldAt: number, at: number, end: number, seed = 0, severity: 'warn' | 'error' = 'error'): void {
  if (end > p.end || p.quoted || p.fragment) {
    p.putInt(status, fieldAt, 0, UNVERIFIED);
    return;
  }
  const good = internetSum(p.bytes, at, end, seed) === 0xffff;
  p.putInt(status, fieldAt, 0, good ? GOOD : BAD);
  if (!good) p.expert(severity, 'checksum', bad, fieldAt, 2);
}
