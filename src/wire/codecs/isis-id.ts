import { toHex } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';

/** Length of an intermediate system's identifier; a length of 0 in the head means this one (ISO 10589 §9.5). */
export const SYSTEM_ID_LEN = 6;

/** `0000.0000.0002`, with a circuit `.00`, with a fragment `-00`. */
export function systemIdText(b: Uint8Array, at: number, len: number): string {
  let text = `${toHex(b, at, at + 2)}.${toHex(b, at + 2, at + 4)}.${toHex(b, at + 4, at + 6)}`;
  if (len > 6) text += `.${toHex(b, at + 6, at + 7)}`;
  if (len > 7) text += `-${toHex(b, at + 7, at + 8)}`;
  return text;
}

export function putSystemId(p: PacketView, field: Field, at: number, len: number): void {
  if (p.wants(field)) p.putText(field, at, len, systemIdText(p.bytes, at, len));
}
