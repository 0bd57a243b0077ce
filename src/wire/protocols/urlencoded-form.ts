import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const formFields = defineFields({
  key: { name: 'urlencoded-form.key', ...put('string', 'Key') },
  value: { name: 'urlencoded-form.value', ...put('string', 'Value') },
});
const F = formFields;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;

/** A form's fields as browsers post them. */
export const urlencodedForm = defineDissector({
  name: 'urlencoded-form',
  title: 'HTML Form URL Encoded',
  spec: ['WHATWG URL §5'],
  over: {},
  fields: formFields,
  dissect(p, at, end) {
    const b = p.bytes;
    for (let q = at; q < end;) {
      let to = q;
      while (to < end && b[to] !== AMPERSAND) to++;
      let equals = q;
      while (equals < to && b[equals] !== EQUALS) equals++;
      if (p.wants(F.key)) p.putText(F.key, q, equals - q, decoded(p, q, equals));
      if (p.wants(F.value)) p.putText(F.value, equals, to - equals, decoded(p, Math.min(equals + 1, to), to));
      q = to + 1;
    }
    return DONE;
  },
});

/** The text behind `%xx` and `+`. */
function decoded(p: PacketView, at: number, end: number): string {
  const bytes = new Uint8Array(end - at);
  let n = 0;
  for (let q = at; q < end; q++) {
    const c = p.bytes[q];
    const code = c === 0x25 && q + 2 < end ? Number.parseInt(p.host.latin1(p.bytes, q + 1, q + 3), 16) : Number.NaN;
    if (Number.isInteger(code)) {
      bytes[n++] = code;
      q += 2;
    } else bytes[n++] = c === 0x2b ? 0x20 : c;
  }
  return p.host.utf8(bytes, 0, n);
}
export default urlencodedForm;
