import { readCapture } from '../capture/file-source.ts';
import { packetPredicate, type PacketSelection } from '../capture/packet-selection.ts';
import { segmentsBetween } from '../capture/packet-store.ts';
import { msOf, type Nanos } from '../base/time.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { pcapngInterface, pcapngPacket, pcapngSection } from '../pcap/pcapng-writer.ts';

/** One link's packet store. */
export interface StoredLink {
  readonly linkId: string;
  readonly dir: string;
}

const PIECE_BYTES = 1 << 20;
const EVERYTHING: PacketSelection = { hosts: [], conversations: [] };

/**
 * Packets of `[from, to]` from the packet stores, as the pieces of one pcapng file; at most `maxBytes` of it (`onCut` tells where it
 * was not enough). A selection leaves out what does not concern it, so that a busy network does not crowd out the evidence.
 *
 * A segment whose tail was lost with its process is read up to its last whole packet.
 */
export async function* exportPackets(
  links: readonly StoredLink[], from: Nanos, to: Nanos, maxBytes: number, comment: string, selection: PacketSelection = EVERYTHING, onCut: (linkId: string) => void = () => undefined,
): AsyncIterable<Uint8Array> {
  const wanted = packetPredicate(selection);
  let pieces: Uint8Array[] = [pcapngSection('Wirewatch', comment)];
  let held = pieces[0].length;
  let total = held;
  let interfaces = 0;
  const fromNs = Number(from % 1_000_000_000n);
  const toNs = Number(to % 1_000_000_000n);
  const fromSecond = Math.floor(msOf(from) / 1000);
  const toSecond = Math.floor(msOf(to) / 1000);
  for (const link of links) {
    const known = new Map<number, number>();
    let cut = false;
    for (const segment of segmentsBetween(link.dir, fromSecond, toSecond)) {
      const ready: Uint8Array[] = [];
      const framer: CaptureFramer = new CaptureFramer((h) => {
        if (h.seconds < fromSecond || (h.seconds === fromSecond && h.nanoseconds < fromNs)) return;
        if (h.seconds > toSecond || (h.seconds === toSecond && h.nanoseconds > toNs)) return;
        if (!wanted(h.bytes, h.at, h.at + h.caplen, h.linkType)) return;
        if (total + h.caplen + 40 > maxBytes) {
          cut = true;
          return framer.stop();
        }
        let id = known.get(h.linkType);
        if (id === undefined) {
          id = interfaces++;
          known.set(h.linkType, id);
          ready.push(pcapngInterface(h.linkType, 262_144, link.linkId));
        }
        const packet = pcapngPacket(id, h.seconds, h.nanoseconds, h.bytes, h.at, h.caplen, h.wireLen);
        total += packet.length;
        ready.push(packet);
      });
      // A segment that was deleted meanwhile had passed its retention.
      await readCapture(segment.file, framer).catch(() => undefined);
      pieces.push(...ready);
      held += ready.reduce((n, b) => n + b.length, 0);
      if (held >= PIECE_BYTES) {
        yield concat(pieces, held);
        pieces = [];
        held = 0;
      }
      if (cut) break;
    }
    if (cut) onCut(link.linkId);
  }
  if (held > 0) yield concat(pieces, held);
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Upper bound of what the stores hold of a window: whole segments, so at most a segment too much on either side. */
export function storedBytes(links: readonly StoredLink[], from: Nanos, to: Nanos): number {
  const [first, last] = [Math.floor(msOf(from) / 1000), Math.floor(msOf(to) / 1000)];
  return links.reduce((sum, link) => sum + segmentsBetween(link.dir, first, last).reduce((n, s) => n + s.bytes, 0), 0);
}
