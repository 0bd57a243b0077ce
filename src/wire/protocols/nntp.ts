import { lineEnd, nextLine } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const nntpFields = defineFields({
  response: { name: 'nntp.response', ...put('boolean', 'Response') },
  request: { name: 'nntp.request', ...put('boolean', 'Request') },
});
const F = nntpFields;
const PORT = 119;

/** Network News Transfer Protocol: lines of text, of which only the direction is told. */
export default defineDissector({
  name: 'nntp',
  title: 'Network News Transfer Protocol',
  spec: ['RFC 3977'],
  over: { 'tcp.port': [PORT] },
  fields: nntpFields,
  dissect(p, at, end) {
    p.putInt(p.dstPort === PORT ? F.request : F.response, at, 0, 1);
    // STARTTLS and its answer 382 (RFC 4642 §2.2).
    const line = lineEnd(p.bytes, at, end);
    if (p.srcPort === PORT && nextLine(p.bytes, line, end) === end && line - at >= 3 && p.bytes[at] === 0x33 && p.bytes[at + 1] === 0x38 && p.bytes[at + 2] === 0x32) p.setApp(p.id('tls'));
    return DONE;
  },
});
