import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { MALFORMED, TRUNCATED } from '../packet-view.ts';

/** Fields that stand one after another: the field, the bytes that it takes, and whether the next one begins at the same place. */
export type FieldRun = readonly (readonly [field: Field, len: number, stay?: boolean])[];

/** Puts a run of fields. Returns where it ends, -1 where the bytes do not suffice: `cutShort` then says whose fault it is. */
export function putRun(p: PacketView, at: number, end: number, run: FieldRun): number {
  let pos = at;
  for (let i = 0; i < run.length; i++) {
    const len = run[i][1];
    if (pos + len > end) return -1;
    p.put(run[i][0], pos, len);
    if (run[i][2] !== true) pos += len;
  }
  return pos;
}

/** TRUNCATED where the capture ended the layer, MALFORMED where its sender did. */
export function cutShort(p: PacketView, end: number): number {
  return end < p.wireEnd ? TRUNCATED : MALFORMED;
}
