/**
 * Sum of 16-bit words (RFC 1071) of a segment with its pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1), not yet complemented; the
 * checksum field of the segment must be 0. Addresses are 4 or 16 bytes.
 */
export function segmentSum(source: Uint8Array, target: Uint8Array, protocol: number, segment: Uint8Array): number {
  let sum = protocol + segment.length;
  for (const part of [source, target, segment]) {
    for (let i = 0; i + 1 < part.length; i += 2) sum += (part[i] << 8) | part[i + 1];
    if (part.length % 2 === 1) sum += part[part.length - 1] << 8;
  }
  return fold(sum);
}

/** End-around carry. */
export function fold(sum: number): number {
  let s = sum;
  while (s > 0xffff) s = (s & 0xffff) + (s >>> 16);
  return s;
}
