import { toHex } from '../../base/bytes.ts';

/** `00:0d:6f:00:00:0d:c5:58` of a long address of IEEE 802.15.4, whose last byte is sent first. */
export function eui64Text(b: Uint8Array, at: number): string {
  let text = toHex(b, at + 7, at + 8);
  for (let i = 6; i >= 0; i--) text += `:${toHex(b, at + i, at + i + 1)}`;
  return text;
}
