import { segmentFields } from '../builtin.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

/**
 * Waits for the whole of a PDU that says its length, as protocols do that put one after another into a TCP stream.
 *
 * DONE: the PDU is here, `wireEnd` of the layer is its end, and whatever follows is read as the next PDU. Anything else is for the
 * dissector to return.
 */
export function wholePdu(p: PacketView, at: number, length: number): number {
  const missing = at + length - p.wireEnd;
  if (missing > 0) {
    const wait = p.more(missing);
    if (wait !== DONE) return wait;
  }
  p.putInt(segmentFields.pduSize, at, 0, length);
  if (missing >= 0) return DONE;
  p.payload(at + length, p.wireEnd);
  p.wireEnd = at + length;
  return DONE;
}
