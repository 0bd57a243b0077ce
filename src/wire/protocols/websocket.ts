import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// |F|RSV|opcode | |M|  length | extended length (16 or 64) | masking key (32) |
const FIN = 0x80;
const COMPRESSED = 0x40;
const MASK = 0x80;
const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;
/** Bytes of one message that fragments may make, and that one may inflate to. */
const MAX_MESSAGE = 16 << 20;

const OPCODES = { 0: 'Continuation', 1: 'Text', 2: 'Binary', 8: 'Connection Close', 9: 'Ping', 10: 'Pong' };

const websocketFields = defineFields({
  fin: { name: 'websocket.fin', ...put('boolean', 'Fin', { mask: FIN }) },
  reserved: { name: 'websocket.rsv', ...put('u8', 'Reserved', { base: 'hex', mask: 0x70 }) },
  compressed: { name: 'websocket.pmc', ...put('boolean', 'Per-Message Compressed', { mask: COMPRESSED }) },
  opcode: { name: 'websocket.opcode', ...put('u8', 'Opcode', { mask: 0x0f, values: OPCODES }) },
  mask: { name: 'websocket.mask', ...put('boolean', 'Mask', { mask: MASK }) },
  length: { name: 'websocket.payload_length', ...put('u8', 'Payload length', { mask: 0x7f }) },
  length16: { name: 'websocket.payload_length_ext_16', ...put('u16', 'Extended Payload length (16 bits)') },
  length64: { name: 'websocket.payload_length_ext_64', ...put('u64', 'Extended Payload length (64 bits)') },
  key: { name: 'websocket.masking_key', ...put('bytes', 'Masking-Key') },
  maskedPayload: { name: 'websocket.masked_payload', ...put('none', 'Masked payload') },
  payload: { name: 'websocket.payload', ...put('none', 'Payload') },
  text: { name: 'websocket.payload.text', ...put('string', 'Text') },
  close: { name: 'websocket.payload.close', ...put('none', 'Close') },
  statusCode: { name: 'websocket.payload.close.status_code', ...put('u16', 'Status code') },
  reason: { name: 'websocket.payload.close.reason', ...put('string', 'Reason') },
  ping: { name: 'websocket.payload.ping', ...put('bytes', 'Ping') },
  pong: { name: 'websocket.payload.pong', ...put('bytes', 'Pong') },
  unknown: { name: 'websocket.payload.unknown', ...put('bytes', 'Unknown') },
  fragment: { name: 'websocket.fragment', ...put('framenum', 'Websocket Fragment') },
  fragmentCount: { name: 'websocket.fragment.count', ...put('u32', 'Websocket Fragments count') },
  reassembledLength: { name: 'websocket.reassembled.length', ...put('u32', 'Websocket Reassembled length') },
});
const F = websocketFields;

/** A message under way in one direction. */
interface Message {
  opcode: number;
  compressed: boolean;
  bytes: Uint8Array;
  frames: number[];
}

interface Conversation {
  readonly under: [Message | undefined, Message | undefined];
}
const create = (): Conversation => ({ under: [undefined, undefined] });

/** WebSocket frames, after HTTP's upgrade. */
export const websocket = defineDissector({
  name: 'websocket',
  title: 'WebSocket',
  spec: ['RFC 6455', 'RFC 7692'],
  over: {},
  fields: websocketFields,
  stream: true,
  short: 'WebSocket',
  column: 'WebSocket',
  dissect(p, at, end) {
    const b = p.bytes;
    const there = p.wireEnd - at;
    if (there < 2) return p.more(2 - there) || p.tooShort(2);
    if (end - at < 2) return p.tooShort(2);
    const short = b[at + 1] & 0x7f;
    const masked = (b[at + 1] & MASK) !== 0;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    const head = 2 + extra + (masked ? 4 : 0);
    if (there < head) return p.more(head - there) || p.tooShort(head);
    if (end - at < head) return p.tooShort(head);
    const length = extra === 0 ? short : extra === 2 ? u16be(b, at + 2) : u32be(b, at + 2) * 2 ** 32 + u32be(b, at + 6);
    const next = at + head + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    p.put(F.fin, at, 1);
    p.put(F.reserved, at, 1);
    if ((b[at] & COMPRESSED) !== 0) p.put(F.compressed, at, 1);
    p.put(F.opcode, at, 1);
    p.put(F.mask, at + 1, 1);
    p.put(F.length, at + 1, 1);
    if (extra > 0) p.put(extra === 2 ? F.length16 : F.length64, at + 2, extra);
    if (masked) p.put(F.key, at + head - 4, 4);
    const stop = Math.min(next, end);
    if (stop > at + head) putPayload(p, at, at + head, stop, masked);
    if (next > end) return p.tooShort(next - at);
    if (next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `${row.text(F.opcode)} ${row.text(F.length)} bytes`,
});

/** The payload without its mask, as a source of its own where it was masked. */
function putPayload(p: PacketView, at: number, from: number, end: number, masked: boolean): void {
  const first = p.bytes[at];
  if (!masked) {
    putContent(p, first, p.source, from, end, p.bytes.subarray(from, end));
    return;
  }
  p.put(F.maskedPayload, from, end - from);
  const plain = p.bytes.slice(from, end);
  for (let i = 0; i < plain.length; i++) plain[i] ^= p.bytes[from - 4 + (i & 3)];
  const source = p.derive(plain, 'decrypted');
  if (source > 0) putContent(p, first, source, 0, plain.length, plain);
}

function putContent(p: PacketView, first: number, source: number, at: number, end: number, content: Uint8Array): void {
  const { source: outer } = p;
  p.source = source;
  p.put(F.payload, at, end - at);
  switch (first & 0x0f) {
    case OPCODE.CLOSE:
      p.put(F.close, at, end - at);
      if (end - at >= 2) p.putInt(F.statusCode, at, 2, u16be(content, 0));
      if (end - at > 2) p.put(F.reason, at + 2, end - at - 2);
      break;
    case OPCODE.PING: p.put(F.ping, at, end - at); break;
    case OPCODE.PONG: p.put(F.pong, at, end - at); break;
    case OPCODE.TEXT: case OPCODE.BINARY: case OPCODE.CONTINUATION: break;
    default: p.put(F.unknown, at, end - at);
  }
  p.source = outer;
  if ((first & 0x0f) <= OPCODE.BINARY) putMessage(p, first, source, at, end, content);
}

/** A message, or what its last fragment makes whole. */
function putMessage(p: PacketView, first: number, source: number, at: number, end: number, content: Uint8Array): void {
  const talk = p.flow >= 0 ? p.trackers.state('websocket', p.flow, create) : create();
  const fin = (first & FIN) !== 0;
  const begins = (first & 0x0f) !== OPCODE.CONTINUATION;
  const under = begins ? undefined : talk.under[p.dir];
  if (!fin || under !== undefined) {
    const message = under ?? { opcode: first & 0x0f, compressed: (first & COMPRESSED) !== 0, bytes: new Uint8Array(0), frames: [] };
    if (message.bytes.length + content.length > MAX_MESSAGE) {
      talk.under[p.dir] = undefined;
      return;
    }
    const whole = new Uint8Array(message.bytes.length + content.length);
    whole.set(message.bytes);
    whole.set(content, message.bytes.length);
    message.bytes = whole;
    message.frames.push(p.frame);
    talk.under[p.dir] = fin ? undefined : message;
    if (!fin) return;
    const joined = p.derive(whole, 'reassembled');
    if (joined < 0) return;
    p.call(p.id('websocket.fragments'), at, at);
    for (const frame of message.frames) p.putInt(F.fragment, at, 0, frame);
    p.putInt(F.fragmentCount, at, 0, message.frames.length);
    p.putInt(F.reassembledLength, at, 0, whole.length);
    show(p, message.opcode, message.compressed, joined, 0, whole.length, whole);
    return;
  }
  show(p, first & 0x0f, (first & COMPRESSED) !== 0, source, at, end, content);
}

function show(p: PacketView, opcode: number, compressed: boolean, source: number, at: number, end: number, content: Uint8Array): void {
  let shown = source;
  let from = at;
  let to = end;
  if (compressed) {
    // The four bytes that the sender took off end a block (RFC 7692 §7.2.2).
    const block = new Uint8Array(content.length + 4);
    block.set(content);
    block.set([0, 0, 0xff, 0xff], content.length);
    const inflated = p.host.inflate('raw', block, MAX_MESSAGE);
    if (inflated === undefined) return;
    shown = p.derive(inflated, 'inflated');
    if (shown < 0) return;
    from = 0;
    to = inflated.length;
  }
  const outer = p.source;
  p.source = shown;
  if (opcode === OPCODE.TEXT) p.put(F.text, from, to - from);
  p.source = outer;
  const layer = p.id(opcode === OPCODE.TEXT ? 'data-text-lines' : 'data');
  if (to <= from) return;
  if (shown === outer) p.call(layer, from, to);
  else p.callSource(layer, shown);
}

export default websocket;
