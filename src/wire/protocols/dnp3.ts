import { u16be, u16le } from '../../base/bytes.ts';
import { dnp3Crc } from '../codecs/dnp3-crc.ts';
import { dnp3Fields } from '../codecs/dnp3-fields.ts';
import { DNP3_FUNCTIONS } from '../codecs/dnp3-objects.ts';
import { putObjects } from '../codecs/dnp3-points.ts';
import { createDnp3Conversation } from '../codecs/dnp3-reassembly.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MALFORMED } from '../packet-view.ts';

const F = dnp3Fields;
const TCP = 6;

// | 0x0564 | length | control | destination | source | CRC |, then blocks of 16 bytes with a CRC each
const LENGTH = 2;
const CONTROL = 3;
const CRC = 8;
const HEADER_LEN = 10;
const BLOCK = 16;
const MIN_LENGTH = 5;
const PRIMARY = 0x40;
const FINAL = 0x80;
const RESPONSE = 0x81;

const ADDRESSES: FieldRun = [[F.dst, 2], [F.src, 2], [F.hdrCRC, 2]];
const PRIMARY_CONTROL: FieldRun = [[F.ctl, 1, true], [F.ctlDir, 1, true], [F.ctlPrm, 1, true], [F.ctlFcb, 1, true], [F.ctlFcv, 1, true], [F.ctlPrifunc, 1]];
const SECONDARY_CONTROL: FieldRun = [[F.ctl, 1, true], [F.ctlDir, 1, true], [F.ctlPrm, 1, true], [F.ctlDfc, 1, true], [F.ctlSecfunc, 1]];
const TRANSPORT: FieldRun = [[F.trCtl, 1, true], [F.trFin, 1, true], [F.trFir, 1, true], [F.trSeq, 1]];
const APPLICATION: FieldRun = [[F.alCtl, 1, true], [F.alFir, 1, true], [F.alFin, 1, true], [F.alCon, 1, true], [F.alUns, 1, true], [F.alSeq, 1], [F.alFunc, 1]];
const INDICATIONS: readonly Field[] = [
  F.alIin, F.alIinRst, F.alIinDt, F.alIinDol, F.alIinTsr, F.alIinCls3d, F.alIinCls2d, F.alIinCls1d, F.alIinBmsg, F.alIinCc, F.alIinOae, F.alIinEbo,
  F.alIinPioor, F.alIinObju, F.alIinFcni,
];
/** Restart, trouble, local outputs and everything of the second byte: not how a station should be. */
const ABNORMAL = 0x603f;

/** Payload of one link frame without its checksums; reused. */
const payload = new Uint8Array(256);

/** DNP3: link layer, transport and application in one layer. */
export const dnp3 = defineDissector({
  name: 'dnp3',
  title: 'Distributed Network Protocol 3.0',
  spec: ['IEEE 1815-2012 §9', 'IEEE 1815-2012 §8', 'IEEE 1815-2012 §4'],
  over: { 'tcp.port': [20_000], 'udp.port': [20_000] },
  fields: dnp3Fields,
  stream: true,
  short: 'DNP 3.0',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const wait = p.ipProto === TCP ? p.more(HEADER_LEN - (end - at)) : DONE;
      return wait === DONE ? DECLINE : wait;
    }
    if (!isStart(p.bytes, at)) return DECLINE;
    const length = p.bytes[at + LENGTH] - MIN_LENGTH;
    const wireLen = HEADER_LEN + length + 2 * Math.ceil(length / BLOCK);
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, wireLen);
      if (wait !== DONE) return wait;
    }
    return p.detail ? putFrame(p, at, Math.min(end, p.wireEnd), length) : DONE;
  },
  info: (row) => (row.has(F.alFunc) ? `${DNP3_FUNCTIONS[row.num(F.alFunc)] ?? 'Unknown function'}, from ${row.num(F.src)} to ${row.num(F.dst)}` : `Link frame from ${row.num(F.src)} to ${row.num(F.dst)}`),
});

const isStart = (b: Uint8Array, at: number): boolean => u16be(b, at) === 0x0564 && b[at + LENGTH] >= MIN_LENGTH;

function putFrame(p: PacketView, at: number, end: number, length: number): number {
  const b = p.bytes;
  p.put(F.start, at, 2);
  p.put(F.len, at + LENGTH, 1);
  putRun(p, at + CONTROL, end, (b[at + CONTROL] & PRIMARY) !== 0 ? PRIMARY_CONTROL : SECONDARY_CONTROL);
  putRun(p, at + CONTROL + 1, end, ADDRESSES);
  const good = dnp3Crc(b, at, at + CRC) === u16le(b, at + CRC);
  p.putInt(F.hdrCRCStatus, at + CRC, 0, good ? 1 : 0);
  if (!good) p.expert('error', 'checksum', F.hdrCRCIncorrect.name, at + CRC, 2);
  if (length === 0) return DONE;
  if (putRun(p, at + HEADER_LEN, end, TRANSPORT) < 0) return cutShort(p, end);
  const whole = putBlocks(p, at + HEADER_LEN, end, length);
  if (whole !== DONE) return whole;
  return putMessage(p, at, end, length - 1, b[at + HEADER_LEN]);
}

/** Checks the blocks, and gathers what they carry. */
function putBlocks(p: PacketView, at: number, end: number, length: number): number {
  const b = p.bytes;
  let pos = at;
  for (let done = 0; done < length; done += BLOCK) {
    const n = Math.min(BLOCK, length - done);
    if (pos + n + 2 > end) return cutShort(p, end);
    p.put(F.dataChunk, pos, n);
    p.putInt(F.dataChunkLen, pos, 0, n);
    p.put(F.dataChunkCRC, pos + n, 2);
    const good = dnp3Crc(b, pos, pos + n) === u16le(b, pos + n);
    p.putInt(F.dataChunkCRCStatus, pos + n, 0, good ? 1 : 0);
    if (!good) {
      p.expert('error', 'checksum', F.dataChunkCRCIncorrect.name, pos + n, 2);
      return DONE;
    }
    for (let i = 0; i < n; i++) payload[done + i] = b[pos + i];
    pos += n + 2;
  }
  return DONE;
}

function putMessage(p: PacketView, at: number, end: number, length: number, control: number): number {
  if (p.flow < 0) return DONE;
  const b = p.bytes;
  const talk = p.trackers.state('dnp3', p.flow, createDnp3Conversation);
  const message = talk.of(((p.dir << 16) | u16le(b, at + 6)) >>> 0);
  const fragment = payload.subarray(1, 1 + length);
  if (!message.add(fragment, length, control, p.frame)) return DONE;
  if ((control & FINAL) === 0) {
    putFragment(p, fragment.slice());
    return DONE;
  }
  p.open(F.alFragments, at);
  for (const frame of message.frames) p.putInt(F.alFragment, at, 0, frame);
  p.putInt(F.alFragmentCount, at, 0, message.frames.length);
  p.putInt(F.alFragmentReassembledLength, at, 0, message.length);
  p.close(end);
  return putApplication(p, message.bytes.slice(0, message.length));
}

function putFragment(p: PacketView, bytes: Uint8Array): void {
  const { source } = p;
  const derived = p.derive(bytes, 'reassembled');
  if (derived < 0) return;
  p.source = derived;
  p.put(F.alFragData, 0, bytes.length);
  p.source = source;
}

/** The application layer, in bytes that are not those of the frame. */
function putApplication(p: PacketView, message: Uint8Array): number {
  const { source, bytes } = p;
  const derived = p.derive(message, 'reassembled');
  if (derived < 0) return DONE;
  p.source = derived;
  p.bytes = message;
  const good = putHeader(p, message.length);
  p.source = source;
  p.bytes = bytes;
  return good ? DONE : MALFORMED;
}

function putHeader(p: PacketView, end: number): boolean {
  const b = p.bytes;
  let at = putRun(p, 0, end, APPLICATION);
  if (at < 0) return false;
  const func = b[1];
  if (func >= RESPONSE) {
    if (at + 2 > end) return false;
    for (let i = 0; i < INDICATIONS.length; i++) p.put(INDICATIONS[i], at, 2);
    if ((u16be(b, at) & ABNORMAL) !== 0) p.expert('warn', 'protocol', F.iinAbnormal.name, at, 2);
    at += 2;
  }
  return putObjects(p, at, end, func);
}

export default dnp3;
