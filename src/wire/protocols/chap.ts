import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 4;
const CHALLENGE = 1;
const RESPONSE = 2;
const CODES = { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Failure' } as const;

export const chapFields = defineFields({
  code: { name: 'chap.code', ...fixed('u8', 0, 'Code', { values: CODES }) },
  identifier: { name: 'chap.identifier', ...fixed('u8', 1, 'Identifier') },
  length: { name: 'chap.length', ...fixed('u16', 2, 'Length') },
  data: { name: 'chap.data', ...put('none', 'Data') },
  valueSize: { name: 'chap.value_size', ...put('u8', 'Value Size') },
  value: { name: 'chap.value', ...put('bytes', 'Value') },
  name: { name: 'chap.name', ...put('string', 'Name') },
  message: { name: 'chap.message', ...put('string', 'Message') },
  stuff: { name: 'chap.stuff', ...put('bytes', 'Stuff') },
});
const F = chapFields;

export const chap = defineDissector({
  name: 'chap',
  title: 'PPP Challenge Handshake Authentication Protocol',
  short: 'PPP CHAP',
  spec: ['RFC 1994 §4'],
  over: { 'ppp.protocol': [0xc223] },
  fields: chapFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const code = b[at];
    const last = Math.min(end, at + u16be(b, at + 2));
    const from = at + HEAD_LEN;
    if (last <= from) return DONE;
    p.put(F.data, from, last - from);
    if (code === CHALLENGE || code === RESPONSE) {
      const size = b[from];
      p.put(F.valueSize, from, 1);
      if (from + 1 + size > last) return p.tooShort(from + 1 + size - at);
      p.put(F.value, from + 1, size);
      if (last > from + 1 + size) p.put(F.name, from + 1 + size, last - from - 1 - size);
    } else p.put(code <= 4 ? F.message : F.stuff, from, last - from);
    return DONE;
  },
  info: (row) => `${CODES[row.num(F.code) as 1 | 2 | 3 | 4] ?? 'Unknown code'} ${row.text(F.name) || row.text(F.message)}`,
});
export default chap;
