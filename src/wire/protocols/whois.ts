import { lineEnd, nextLine } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE, UNTIL_FIN } from '../packet-view.ts';

export const whoisFields = defineFields({
  query: { name: 'whois.query', ...put('string', 'Query') },
  answer: { name: 'whois.answer', ...put('string', 'Answer') },
  answerTo: { name: 'whois.answer_to', ...put('framenum', 'Query In') },
  responseTime: { name: 'whois.response_time', ...put('reltime', 'Response Time') },
});
const F = whoisFields;
const PORT = 43;
/** Queries that wait, in the table of all protocols. */
const PENDING = 0x7768;

/** Whois: one query, and an answer that ends with the connection. */
export default defineDissector({
  name: 'whois',
  title: 'whois',
  spec: ['RFC 3912'],
  over: { 'tcp.port': [PORT] },
  fields: whoisFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    const isQuery = p.dstPort === PORT;
    const ended = end - at >= 2 && b[end - 1] === 10 && b[end - 2] === 13;
    if (!isQuery || !ended) {
      const wait = p.more(isQuery ? 0 : UNTIL_FIN);
      if (wait !== DONE) return wait;
    }
    const { pending } = p.trackers;
    if (isQuery) {
      p.put(F.query, at, end - at);
      if (p.flow >= 0) pending.ask(PENDING, p.flow, 0, p.frame, p.seconds, p.nanoseconds);
      return DONE;
    }
    const i = p.flow >= 0 ? pending.find(PENDING, p.flow, 0) : -1;
    if (i >= 0) {
      p.putInt(F.answerTo, at, 0, pending.frame[i]);
      p.putSince(F.responseTime, pending.seconds[i], pending.nanos[i]);
    }
    for (let pos = at; pos < end; ) {
      const next = nextLine(b, lineEnd(b, pos, end), end);
      p.put(F.answer, pos, next - pos);
      pos = next;
    }
    return DONE;
  },
  info: (row) => (row.has(F.query) ? `Query: ${row.text(F.query).trimEnd()}` : 'Answer'),
});
