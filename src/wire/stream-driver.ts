import { SEGMENTS_ID, segmentFields } from './builtin.ts';
import type { FieldRows } from './field-rows.ts';
import type { LayerTable } from './layer-table.ts';
import { REPEATED } from './layer-table.ts';
import type { PacketView } from './packet-view.ts';
import { DECLINE, DONE, MALFORMED, MORE, SILENT } from './packet-view.ts';
import type { StreamLevel } from './stream-level.ts';
import type { SpanningPdu, TcpPdus } from '../stream/tcp-pdus.ts';

/** The stream of TCP itself. */
export function tcpLevel(tracker: TcpPdus): StreamLevel {
  return { tracker, segmentsId: SEGMENTS_ID, fields: segmentFields };
}

/** What the stream driver needs of the packet beside what dissectors see. */
export interface StreamWalker extends PacketView {
  readonly row: FieldRows;
  readonly needed: number;
  readonly demand: { readonly desegment: boolean };
  hasNext: boolean;
  readonly layers: LayerTable;
  canWait: boolean;
  /** The stream at hand, and the source in which its bytes lie. */
  readonly level: StreamLevel;
  readonly streamSource: number;
  detailOf(id: number): boolean;
  nextAt: number;
  nextEnd: number;
  nextWireEnd: number;
  layer(id: number, at: number, end: number, wireEnd: number): number;
  data(at: number, end: number, wireEnd: number): void;
  pushLayer(id: number, at: number, end: number, wireEnd: number): void;
  nested(id: number, source: number, at: number, end: number, wireEnd: number): number;
}

/**
 * Runs a dissector of a byte stream over the payload of one segment, in the order of capture: PDU after PDU, and where one
 * spans segments it is put together and read in the frame that completes it.
 *
 * Returns DECLINE only where the dissector took nothing.
 */
export function runStream(p: StreamWalker, id: number, at: number, end: number, wireEnd: number): number {
  const whole = end === wireEnd;
  p.canWait = false;
  // Desegmentation needs the conversation, and all bytes: a segment that the capture cut cannot be put together.
  if (!p.track || !p.demand.desegment || !p.detailOf(id) || !whole || p.flow < 0 || p.source !== p.streamSource || at < p.payloadAt || end > p.payloadEnd) return pdus(p, id, at, end, wireEnd, true);
  const direction = p.flow * 2 + p.dir;
  const { tracker, fields: F } = p.level;
  let pos = at;
  if (pos === end) {
    const last = tracker.find(direction, p.payloadSeq);
    if (last !== undefined && last.untilFin && !last.done) continuePdu(p, id, direction, last, p.payloadSeq, pos, end);
    return settle(p);
  }
  while (pos < end) {
    const seq = (p.payloadSeq + (pos - p.payloadAt)) | 0;
    const pending = tracker.find(direction, seq);
    if (pending !== undefined) {
      if (pending.done || (seq === pending.start && pending.firstFrame !== p.frame)) {
        // Sent again: the bytes were read, or are waiting, already.
        const rest = Math.min(end, pos + ((pending.next - seq) | 0));
        p.put(F.segmentData, pos, rest - pos);
        if (!pending.done || rest === end) return settle(p);
        pos = rest;
        continue;
      }
      pos = continuePdu(p, id, direction, pending, seq, pos, end);
      continue;
    }
    p.canWait = true;
    const verdict = pdus(p, id, pos, end, wireEnd, false);
    p.canWait = false;
    if (verdict === DECLINE) {
      if (pos === at) return DECLINE;
      p.data(pos, end, wireEnd);
      return settle(p);
    }
    if (verdict === SILENT) return settle(p);
    if (verdict !== MORE) return verdict;
    const from = p.nextAt;
    p.put(F.segmentData, from, end - from);
    tracker.begin(direction, (p.payloadSeq + (from - p.payloadAt)) | 0, p.bytes, from, end, p.needed, p.frame);
    return settle(p);
  }
  return settle(p);
}

function settle(p: StreamWalker): number {
  p.hasNext = false;
  return DONE;
}

/**
 * PDUs of `[at, end)`. One that is malformed is passed over where it said where it ends. MORE leaves in `nextAt` where the unfinished
 * one begins; without desegmentation it is shown as it is.
 */
function pdus(p: StreamWalker, id: number, at: number, end: number, wireEnd: number, alone: boolean): number {
  let from = at;
  for (;;) {
    if (from > at) p.layers.mark |= REPEATED;
    const verdict = p.layer(id, from, end, wireEnd);
    if (verdict === DECLINE) {
      if (from === at) return DECLINE;
      p.data(from, end, wireEnd);
      return settle(p);
    }
    if (verdict === MORE) {
      if (alone) {
        p.put(p.level.fields.segmentData, from, end - from);
        return settle(p);
      }
      p.nextAt = from;
      return MORE;
    }
    if ((verdict !== DONE && verdict !== MALFORMED) || !p.hasNext) {
      if (verdict <= 0) p.hasNext = false;
      return verdict;
    }
    if (p.nextAt <= from || p.nextAt >= p.nextEnd) return settle(p);
    from = p.nextAt;
  }
}

/** Adds a segment to the PDU that waits for it; reads the PDU where it is whole. Returns where the next one begins. */
function continuePdu(p: StreamWalker, id: number, direction: number, pdu: SpanningPdu, seq: number, pos: number, end: number): number {
  const { tracker, fields: F } = p.level;
  const offset = (seq - pdu.start) | 0;
  let rest = end;
  if (pdu.open) {
    const grow = offset + (end - pos) - pdu.length;
    const untilFin = pdu.untilFin;
    if (grow > 0 && !tracker.extend(pdu, grow)) return end;
    pdu.open = true;
    pdu.untilFin = untilFin;
  } else rest = Math.min(end, pos + ((pdu.next - seq) | 0));
  if (rest > pos) p.put(F.segmentData, pos, rest - pos);
  if (rest > pos) pdu.add(offset, p.bytes, pos, rest, p.frame);
  if (!pdu.complete || (pdu.untilFin && !p.payloadFin)) return rest;

  const length = pdu.length;
  const source = p.derive(pdu.bytes.subarray(0, length), 'reassembled');
  if (source < 0) return end;
  const layers = p.row.rowCount;
  const unfinished = readWhole(p, id, source, pdu, length);
  if (unfinished < 0) {
    tracker.finish(pdu);
    return rest;
  }
  const missing = p.needed;
  if (unfinished === 0) {
    // Nothing of it could be read yet: it is longer than it said.
    p.row.rewindRows(layers);
    tracker.extend(pdu, missing);
    return rest;
  }
  const bytes = pdu.bytes;
  const start = pdu.start;
  pdu.next = (start + unfinished) | 0;
  tracker.finish(pdu);
  tracker.begin(direction, (start + unfinished) | 0, bytes, unfinished, length, missing, p.frame);
  return rest;
}

/** Reads a PDU that was put together. Returns the offset of a last PDU that is not whole, -1 where all was read. */
function readWhole(p: StreamWalker, id: number, source: number, pdu: SpanningPdu, length: number): number {
  const state = new NestedState(p);
  p.bytes = p.row.sources[source];
  p.source = source;
  const { fields: F } = p.level;
  p.pushLayer(p.level.segmentsId, 0, length, length);
  const segments = p.row.rowCount;
  p.put(F.segments, 0, length);
  for (const frame of pdu.frames) p.putInt(F.segment, 0, 0, frame);
  p.putInt(F.count, 0, 0, pdu.frames.length);
  p.putInt(F.length, 0, 0, length);
  p.put(F.data, 0, length);
  let from = 0;
  let unfinished = -1;
  while (from < length) {
    p.canWait = true;
    if (from > 0) p.layers.mark |= REPEATED;
    const verdict = p.layer(id, from, length, length);
    p.canWait = false;
    if (verdict === MORE) {
      unfinished = from;
      break;
    }
    if (verdict === DECLINE) {
      p.data(from, length, length);
      break;
    }
    if (verdict > 0) {
      const next = p.nextAt;
      p.nested(verdict, source, next, p.nextEnd, p.nextWireEnd);
      break;
    }
    if ((verdict !== DONE && verdict !== MALFORMED) || !p.hasNext || p.nextAt <= from || p.nextAt >= p.nextEnd) break;
    from = p.nextAt;
  }
  if (unfinished === 0) {
    p.row.rewindRows(segments);
    state.dropLayers(p);
  }
  state.restore(p);
  return unfinished;
}

/** Where the packet was before a reassembled source was read. A few a capture, so an object is no harm. */
class NestedState {
  readonly bytes: Uint8Array;
  readonly source: number;
  readonly end: number;
  readonly wireEnd: number;
  readonly layerCount: number;

  constructor(p: StreamWalker) {
    this.bytes = p.bytes;
    this.source = p.source;
    this.end = p.end;
    this.wireEnd = p.wireEnd;
    this.layerCount = p.layers.count;
  }

  dropLayers(p: StreamWalker): void {
    p.layers.count = this.layerCount;
  }

  restore(p: StreamWalker): void {
    p.bytes = this.bytes;
    p.source = this.source;
    p.end = this.end;
    p.wireEnd = this.wireEnd;
  }
}
