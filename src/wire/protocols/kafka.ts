import { u16be, u32be } from '../../base/bytes.ts';
import { kafkaFields } from '../codecs/kafka-fields.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = kafkaFields;
const PORT = 9092;
/** Requests that wait for their response, in the table of all protocols. */
const PENDING = 0x6b61;
const MAX_LENGTH = 0x2000000;

/** Kafka: the heads of requests and responses. */
export const kafka = defineDissector({
  name: 'kafka',
  title: 'Kafka',
  spec: ['Apache Kafka protocol guide'],
  over: { 'tcp.port': [PORT] },
  fields: kafkaFields,
  stream: true,
  short: 'Kafka',
  dissect(p, at, end) {
    if (end - at < 4) {
      const wait = p.more(4 - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const length = u32be(p.bytes, at);
    if (length < 4 || length > MAX_LENGTH) return DECLINE;
    const wait = wholePdu(p, at, 4 + length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    p.put(F.len, at, 4);
    if (p.dstPort === PORT) putRequest(p, at + 4, stop);
    else putResponse(p, at + 4, stop);
    return DONE;
  },
});

/** `api key | version | correlation id | client id`. */
function putRequest(p: PacketView, at: number, end: number): void {
  if (at + 8 > end) return;
  const b = p.bytes;
  p.put(F.apiKey, at, 2);
  p.put(F.requestKey, at, 2);
  p.put(F.apiVersion, at + 2, 2);
  p.put(F.requestVersion, at + 2, 2);
  p.put(F.correlationId, at + 4, 4);
  if (p.flow >= 0) {
    const { pending } = p.trackers;
    pending.extra[pending.ask(PENDING, p.flow, u32be(b, at + 4), p.frame, p.seconds, p.nanoseconds)] = u32be(b, at);
  }
  if (at + 10 > end) return;
  const length = u16be(b, at + 8);
  if (length < 0x8000 && at + 10 + length <= end) p.put(F.clientId, at + 10, length);
}

function putResponse(p: PacketView, at: number, end: number): void {
  if (at + 4 > end) return;
  p.put(F.correlationId, at, 4);
  if (p.flow < 0) return;
  const { pending } = p.trackers;
  const i = pending.find(PENDING, p.flow, u32be(p.bytes, at));
  if (i < 0) return;
  p.putInt(F.requestFrame, at, 0, pending.frame[i]);
  p.putInt(F.apiKey, at, 0, Math.floor(pending.extra[i] / 65_536));
  p.putInt(F.responseKey, at, 0, Math.floor(pending.extra[i] / 65_536));
  p.putInt(F.apiVersion, at, 0, pending.extra[i] % 65_536);
  p.putInt(F.responseVersion, at, 0, pending.extra[i] % 65_536);
}

export default kafka;
