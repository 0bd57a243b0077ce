import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const m3uaFields = defineFields({ 
  version: { name: 'm3ua.version', ...fixed('u8', 0, 'Version') },
  reserved: { name: 'm3ua.reserved', ...fixed('u8', 1, 'Reserved', { base: 'hex' }) },
  messageClass: { name: 'm3ua.message_class', ...fixed('u8', 2, 'Message class') },
  messageType: { name: 'm3ua.message_type', ...fixed('u8', 3, 'Message Type') },
  messageLength: { name: 'm3ua.message_length', ...fixed('u32', 4, 'Message length') },
  parameterTag: { name: 'm3ua.parameter_tag', ...put('u16', 'Parameter Tag') },
  parameterLength: { name: 'm3ua.parameter_length', ...put('u16', 'Parameter length') },
  parameterValue: { name: 'm3ua.parameter_value', ...put('bytes', 'Parameter value') },
  parameterPadding: { name: 'm3ua.parameter_padding', ...put('bytes', 'Padding') },
});
const F = m3uaFields;

export const m3ua = defineDissector({
  name: 'm3ua',
  title: 'MTP 3 User Adaptation Layer',
  spec: ['RFC 4666 §3'],
  over: { 'sctp.ppi': [3], 'sctp.port': [2905] },
  fields: m3uaFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const messageEnd = Math.min(end, at + u32be(b, at + 4));
    for (let i = at + HEADER_LEN; i + 4 <= messageEnd;) {
      const length = u16be(b, i + 2);
      p.put(F.parameterTag, i, 2);
      p.put(F.parameterLength, i + 2, 2);
      if (length < 4 || i + length > end) return DONE;
      if (length > 4) p.put(F.parameterValue, i + 4, length - 4);
      const padding = -length & 3;
      if (padding > 0 && i + length + padding <= end) p.put(F.parameterPadding, i + length, padding);
      i += length + padding;
    }
    return DONE;
  },
});
export default m3ua;
