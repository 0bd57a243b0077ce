import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { HpackField } from './hpack.ts';
import type { Http2Conversation } from './http2-conversation.ts';
import { http2Fields as F, http2HeaderFields } from './http2-fields.ts';

export const FRAME = {
  DATA: 0, HEADERS: 1, PRIORITY: 2, RST_STREAM: 3, SETTINGS: 4, PUSH_PROMISE: 5, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8, CONTINUATION: 9, ALTSVC: 10, ORIGIN: 12,
} as const;
export const END_STREAM = 0x01;
export const END_HEADERS = 0x04;
export const PADDED = 0x08;
export const PRIORITY = 0x20;
const ACK = 0x01;

const REPRESENTATIONS = {
  indexed: 'Indexed Header Field', incremental: 'Literal Header Field with Incremental Indexing', without: 'Literal Header Field without Indexing',
  never: 'Literal Header Field never Indexed',
} as const;

const NAMED: ReadonlyMap<string, Field> = new Map(Object.values(http2HeaderFields).map((f) => [f.title, f]));

const SETTING_FIELDS: readonly (Field | undefined)[] = [
  undefined, F.tableSize, F.enablePush, F.maxStreams, F.initialWindow, F.maxFrameSize, F.maxHeaderList, undefined, F.extendedConnect,
];

/** The client's connection preface (RFC 9113 §3.4). */
export const PREFACE = Uint8Array.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', (c) => c.charCodeAt(0));

/** True where the client's preface, as far as it is there, stands at `at`. */
export function startsPreface(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 3) return false;
  for (let i = 0; i < PREFACE.length && at + i < end; i++) if (b[at + i] !== PREFACE[i]) return false;
  return true;
}

/** Puts the flags that a frame of this type may have. */
export function putFlags(p: PacketView, type: number, at: number): void {
  p.put(F.flags, at, 1);
  switch (type) {
    case FRAME.DATA:
      p.put(F.unusedData, at, 1);
      p.put(F.padded, at, 1);
      p.put(F.endStream, at, 1);
      return;
    case FRAME.HEADERS:
      p.put(F.unusedHeaders, at, 1);
      p.put(F.priority, at, 1);
      p.put(F.padded, at, 1);
      p.put(F.endHeaders, at, 1);
      p.put(F.endStream, at, 1);
      return;
    case FRAME.SETTINGS:
      p.put(F.unusedSettings, at, 1);
      p.put(F.ackSettings, at, 1);
      return;
    case FRAME.PUSH_PROMISE:
      p.put(F.unusedPush, at, 1);
      p.put(F.padded, at, 1);
      p.put(F.endHeaders, at, 1);
      return;
    case FRAME.PING:
      p.put(F.unusedPing, at, 1);
      p.put(F.ackPing, at, 1);
      return;
    case FRAME.CONTINUATION:
      p.put(F.unusedContinuation, at, 1);
      p.put(F.endHeaders, at, 1);
      return;
    default: p.put(F.unused, at, 1);
  }
}

/** Puts the stream that another depends on, and its weight (RFC 9113 §5.3.2). */
export function putPriority(p: PacketView, at: number): void {
  p.put(F.exclusive, at, 4);
  p.put(F.dependency, at, 4);
  p.put(F.weight, at + 4, 1);
  p.putInt(F.weightReal, at + 4, 0, p.bytes[at + 4] + 1);
}

/** Puts the payload of a frame that is neither data nor header fields. */
export function putControl(p: PacketView, type: number, flags: number, at: number, end: number): void {
  const b = p.bytes;
  switch (type) {
    case FRAME.PRIORITY:
      if (end - at >= 5) putPriority(p, at);
      return;
    case FRAME.RST_STREAM:
      if (end - at >= 4) p.put(F.resetError, at, 4);
      return;
    case FRAME.SETTINGS:
      for (let q = at; q + 6 <= end; q += 6) {
        p.open(F.settings, q);
        p.put(F.settingsId, q, 2);
        p.put(SETTING_FIELDS[u16be(b, q)] ?? F.unknownSetting, q + 2, 4);
        p.close(q + 6);
      }
      return;
    case FRAME.PING:
      p.put((flags & ACK) !== 0 ? F.pong : F.ping, at, Math.min(8, end - at));
      return;
    case FRAME.GOAWAY:
      if (end - at < 8) return;
      p.put(F.goawayReserved, at, 4);
      p.put(F.lastStream, at, 4);
      p.put(F.goawayError, at + 4, 4);
      if (end > at + 8) p.put(F.goawayData, at + 8, end - at - 8);
      return;
    case FRAME.WINDOW_UPDATE:
      if (end - at < 4) return;
      p.put(F.windowReserved, at, 4);
      p.put(F.windowIncrement, at, 4);
      return;
    case FRAME.ALTSVC: {
      if (end - at < 2) return;
      const length = Math.min(u16be(b, at), end - at - 2);
      p.put(F.altsvcOriginLength, at, 2);
      if (length > 0) p.put(F.altsvcOrigin, at + 2, length);
      if (end > at + 2 + length) p.put(F.altsvcValue, at + 2 + length, end - at - 2 - length);
      return;
    }
    default:
      if (end > at) p.put(F.unknown, at, end - at);
  }
}

/** Puts decoded header fields; `at` is where the block's last fragment lies. */
export function putHeaders(p: PacketView, fields: readonly HpackField[], updates: readonly number[], at: number, length: number, talk: Http2Conversation): void {
  let size = 0;
  for (const f of fields) size += f.name.length + f.value.length + 8;
  p.putInt(F.headerLength, at, 0, size);
  p.putInt(F.headerCount, at, 0, fields.length + updates.length);
  for (const limit of updates) {
    p.put(F.sizeUpdate, at, 0);
    p.putInt(F.newTableSize, at, 0, limit);
  }
  let authority: string | undefined;
  let path: string | undefined;
  let scheme: string | undefined;
  for (const f of fields) {
    p.open(F.header, at);
    p.putInt(F.nameLength, at, 0, f.name.length);
    p.putText(F.name, at, length, f.name);
    p.putInt(F.valueLength, at, 0, f.value.length);
    p.putText(F.value, at, length, f.value);
    const named = NAMED.get(f.name);
    if (named !== undefined) {
      if (named.type === 'string') p.putText(named, at, length, f.value);
      else p.putInt(named, at, length, Number.parseInt(f.value, 10) || 0);
    }
    p.putText(F.unescaped, at, 0, f.value);
    const indexed = f.representation === 'indexed' ? '' : f.index > 0 ? ' - Indexed Name' : ' - New Name';
    p.putText(F.representation, at, length, REPRESENTATIONS[f.representation] + indexed);
    if (f.index > 0) p.putInt(F.index, at, length, f.index);
    p.close(at + length);
    if (f.name === ':authority') authority = f.value;
    else if (f.name === ':path') path = f.value;
    else if (f.name === ':scheme') scheme = f.value;
    else if (f.name === 'content-type') talk.contentType = f.value;
    else if (f.name === 'content-encoding') talk.contentEncoding = f.value;
  }
  if (authority !== undefined && path !== undefined && scheme !== undefined) p.putText(F.fullUri, at, 0, `${scheme}://${authority}${path}`);
}

/** The stream identifier of the frame at `at`. */
export function streamIdAt(b: Uint8Array, at: number): number {
  return u32be(b, at + 5) & 0x7fffffff;
}
