import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 13;
/** Frame control of LLC frames: the two type bits are 01. */
const LLC_MASK = 0x30;
const LLC = 0x10;

export const fddiFields = defineFields({
  control: { name: 'fddi.fc', ...fixed('u8', 0, 'Frame Control', { base: 'hex' }) },
  dst: { name: 'fddi.dst', ...fixed('ether', 1, 'Destination', { also: ['fddi.addr'] }) },
  src: { name: 'fddi.src', ...fixed('ether', 7, 'Source', { also: ['fddi.addr'] }) },
});

export const fddi = defineDissector({
  name: 'fddi',
  title: 'Fiber Distributed Data Interface',
  spec: ['ISO 9314-2 §7.2', 'RFC 1390'],
  over: { link: [10] },
  fields: fddiFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if ((p.bytes[at] & LLC_MASK) !== LLC) return DONE;
    p.payload(at + HEADER_LEN, p.wireEnd);
    return p.id('llc');
  },
});
export default fddi;
