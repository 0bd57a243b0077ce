import type { Field } from '../filter/field.ts';
import type { PacketView } from './packet-view.ts';

const CHUNK = 2048;

/** Where the packet at hand keeps addresses that its bytes hold only in part. */
class PaddedBytes {
  frame = 0;
  source = -1;
  used = CHUNK;
  bytes = new Uint8Array(0);
}

const createPadded = (): PaddedBytes => new PaddedBytes();

/**
 * Puts an address of `size` bytes of which only the first `len` are on the wire (prefixes of routes), the rest being zero. Bits
 * beyond `bits` are cleared.
 */
export function putPadded(p: PacketView, f: Field, at: number, len: number, size: number, bits = 8 * size): void {
  if (!p.wants(f)) return;
  const kept = Math.min(len, size);
  if (kept === size && bits >= 8 * size) {
    p.put(f, at, size);
    return;
  }
  const padded = p.trackers.state('padded', 0, createPadded);
  if (padded.frame !== p.frame || padded.used + size > CHUNK) {
    const fresh = new Uint8Array(CHUNK);
    const source = p.derive(fresh, 'padded');
    if (source < 0) return;
    padded.frame = p.frame;
    padded.source = source;
    padded.used = 0;
    padded.bytes = fresh;
  }
  const to = padded.used;
  for (let i = 0; i < kept; i++) padded.bytes[to + i] = p.bytes[at + i];
  if (bits < 8 * kept) {
    const whole = bits >> 3;
    padded.bytes[to + whole] &= (0xff00 >> (bits & 7)) & 0xff;
    for (let i = whole + 1; i < kept; i++) padded.bytes[to + i] = 0;
  }
  padded.used += size;
  const { source } = p;
  p.source = padded.source;
  p.put(f, to, size);
  p.source = source;
}
