import { toHex } from './bytes.ts';

/**
 * UUID version 7 (RFC 9562 §5.7) for what people make; machine-made ids are derived from what they name instead.
 *
 * `random` gives 10 random bytes; both it and the clock are handed in, so that a test or a replay repeats itself.
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const b = new Uint8Array(16);
  for (let i = 0; i < 6; i++) b[i] = Math.floor(nowMs / 2 ** (40 - 8 * i)) & 0xff;
  b.set(random.subarray(0, 10), 6);
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = toHex(b);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
