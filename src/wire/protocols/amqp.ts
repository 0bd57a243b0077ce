import { u16be, u32be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const amqpFields = defineFields({
  type: { name: 'amqp.type', ...put('u8', 'Type') },
  channel: { name: 'amqp.channel', ...put('u16', 'Channel') },
  length: { name: 'amqp.length', ...put('u32', 'Length') },
  classId: { name: 'amqp.method.class', ...put('u16', 'Class') },
  methodId: { name: 'amqp.method.method', ...put('u16', 'Method') },
  headerClass: { name: 'amqp.header.class', ...put('u16', 'Class ID') },
  payload: { name: 'amqp.payload', ...put('bytes', 'Payload') },
  offset: { name: 'amqp.doff', ...put('u8', 'Doff') },
  performative: { name: 'amqp.performative', ...put('u8', 'Performative') },
});
const F = amqpFields;

const INIT_LEN = 8;
const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const HEARTBEAT = 8;
const FRAME_END = 0xce;

/** True once the peers agreed on version 1.0, whose frames are others. */
interface Connection {
  version1: boolean;
}

const createConnection = (): Connection => ({ version1: false });

/** AMQP 0-9-1 and 1.0: protocol heads and frames. */
export const amqp = defineDissector({
  name: 'amqp',
  title: 'Advanced Message Queuing Protocol',
  spec: ['AMQP 0-9-1 §4.2', 'AMQP 1.0 §2.3'],
  over: { 'tcp.port': [5672] },
  fields: amqpFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < INIT_LEN) {
      const wait = p.more(INIT_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const talk = p.flow >= 0 ? p.trackers.state('amqp', p.flow, createConnection) : createConnection();
    if (b[at] === 0x41 && b[at + 1] === 0x4d && b[at + 2] === 0x51 && b[at + 3] === 0x50) {
      // "AMQP", protocol, version.
      talk.version1 = b[at + 5] === 1 && b[at + 6] === 0;
      return wholePdu(p, at, INIT_LEN);
    }
    const length = talk.version1 ? u32be(b, at) : u32be(b, at + 3) + 8;
    if (length < INIT_LEN || (!talk.version1 && (b[at] === 0 || b[at] > HEARTBEAT))) return DECLINE;
    const wait = wholePdu(p, at, length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    if (talk.version1) putFrame1(p, at, stop);
    else putFrame0(p, at, stop);
    return DONE;
  },
});

function putFrame0(p: PacketView, at: number, end: number): void {
  const type = p.bytes[at];
  const body = at + 7;
  const stop = end > body && p.bytes[end - 1] === FRAME_END ? end - 1 : end;
  p.put(F.type, at, 1);
  p.put(F.channel, at + 1, 2);
  p.put(F.length, at + 3, 4);
  if (type === METHOD && body + 4 <= stop) {
    p.put(F.classId, body, 2);
    p.put(F.methodId, body + 2, 2);
  } else if (type === HEADER && body + 2 <= stop) p.put(F.headerClass, body, 2);
  else if (type === BODY && body < stop) p.put(F.payload, body, stop - body);
}

/** `size | doff | type | channel`, then a described list whose descriptor is the performative. */
function putFrame1(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.length, at, 4);
  p.put(F.offset, at + 4, 1);
  p.put(F.type, at + 5, 1);
  p.putInt(F.channel, at + 6, 2, u16be(b, at + 6));
  const body = at + 4 * b[at + 4];
  if (body + 3 <= end && b[body] === 0 && b[body + 1] === 0x53) p.put(F.performative, body + 2, 1);
}

export default amqp;
