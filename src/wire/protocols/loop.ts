import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const REPLY = 1;
const FORWARD = 2;
const FUNCTIONS = { 1: 'Reply', 2: 'Forward Data' } as const;
const LITTLE = { little: true } as const;

export const loopFields = defineFields({
  skip: { name: 'loop.skipcount', ...fixed('u16', 0, 'skipCount', LITTLE) },
  relevant: { name: 'loop.relevant_function', ...put('u16', 'Relevant function', { values: FUNCTIONS, ...LITTLE }) },
  function: { name: 'loop.function', ...put('u16', 'Function', { values: FUNCTIONS, ...LITTLE }) },
  receipt: { name: 'loop.receipt_number', ...put('u16', 'Receipt number', LITTLE) },
  address: { name: 'loop.forwarding_address', ...put('ether', 'Forwarding address') },
});
const F = loopFields;

/** Ethernet's configuration test protocol, which switches send to themselves: a list of functions, of which one is next. */
export const loop = defineDissector({
  name: 'loop',
  title: 'Configuration Test Protocol (loopback)',
  spec: ['DIX Ethernet 2.0 §8'],
  over: { ethertype: [0x9000] },
  fields: loopFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    const skip = u16le(b, at);
    let from = at + 2;
    let isFirst = true;
    for (;;) {
      if (end - from < 2) return p.tooShort(from - at + 2);
      const code = u16le(b, from);
      if (isFirst && at + 2 + skip + 2 <= end) p.put(F.relevant, at + 2 + skip, 2);
      isFirst = false;
      p.put(F.function, from, 2);
      from += 2;
      if (code === REPLY) {
        if (end - from < 2) return p.tooShort(from - at + 2);
        p.put(F.receipt, from, 2);
        from += 2;
        break;
      }
      if (code !== FORWARD) break;
      if (end - from < 6) return p.tooShort(from - at + 6);
      p.put(F.address, from, 6);
      from += 6;
    }
    if (from >= p.wireEnd) return DONE;
    p.payload(from, p.wireEnd);
    return DONE;
  },
  info: (row) => row.all(F.function).map((f) => FUNCTIONS[Number(f) as 1 | 2] ?? f).join(', '),
});
export default loop;
