import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const gitFields = defineFields({
  length: { name: 'git.length', ...put('u16', 'Packet length', { base: 'hex' }) },
  data: { name: 'git.data', ...put('bytes', 'Packet data') },
});
const F = gitFields;
const LENGTH_LEN = 4;

/** Git smart protocol: pkt-lines, each behind its length as four hex digits (gitprotocol-common). */
export default defineDissector({
  name: 'git',
  title: 'Git Smart Protocol',
  spec: ['gitprotocol-common(5)', 'gitprotocol-pack(5)'],
  over: { 'tcp.port': [9418] },
  fields: gitFields,
  stream: true,
  short: 'Git',
  dissect(p, at, end) {
    if (end - at < LENGTH_LEN) {
      const wait = p.more(LENGTH_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    let length = 0;
    for (let i = at; i < at + LENGTH_LEN; i++) {
      const digit = hexDigit(p.bytes[i]);
      if (digit < 0) return DECLINE;
      length = length * 16 + digit;
    }
    // 0000 to 0003 are marks without data: flush, delimiter, end of the response.
    const wait = wholePdu(p, at, Math.max(length, LENGTH_LEN));
    if (wait !== DONE) return wait;
    if (length >= LENGTH_LEN) p.putInt(F.length, at, LENGTH_LEN, length);
    const stop = Math.min(end, p.wireEnd);
    if (at + LENGTH_LEN < stop) p.put(F.data, at + LENGTH_LEN, stop - at - LENGTH_LEN);
    return DONE;
  },
});

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const letter = c | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
