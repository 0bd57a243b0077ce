import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE, UNTIL_FIN } from '../packet-view.ts';

export const fingerFields = defineFields({
  query: { name: 'finger.query', ...put('string', 'Query') },
  response: { name: 'finger.response', ...put('string', 'Response') },
  responseTo: { name: 'finger.response_to', ...put('framenum', 'Request In') },
  responseTime: { name: 'finger.response_time', ...put('reltime', 'Response Time') },
});
const F = fingerFields;
const PORT = 79;
/** Queries that wait, in the table of all protocols. */
const PENDING = 0x666e;

/** Finger: one query, and an answer that ends with the connection. */
export default defineDissector({
  name: 'finger',
  title: 'FINGER',
  spec: ['RFC 1288'],
  over: { 'tcp.port': [PORT] },
  fields: fingerFields,
  stream: true,
  dissect(p, at, end) {
    const isQuery = p.dstPort === PORT;
    const ended = end - at >= 2 && p.bytes[end - 1] === 10 && p.bytes[end - 2] === 13;
    if (!isQuery || !ended) {
      const wait = p.more(isQuery ? 0 : UNTIL_FIN);
      if (wait !== DONE) return wait;
    }
    p.put(isQuery ? F.query : F.response, at, end - at);
    if (p.flow < 0) return DONE;
    const { pending } = p.trackers;
    if (isQuery) pending.ask(PENDING, p.flow, 0, p.frame, p.seconds, p.nanoseconds);
    else {
      const i = pending.find(PENDING, p.flow, 0);
      if (i >= 0) {
        p.putInt(F.responseTo, at, 0, pending.frame[i]);
        p.putSince(F.responseTime, pending.seconds[i], pending.nanos[i]);
      }
    }
    return DONE;
  },
  info: (row) => (row.has(F.query) ? `Query: ${row.text(F.query).trimEnd()}` : 'Response'),
});
