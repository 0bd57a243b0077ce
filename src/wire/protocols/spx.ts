import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 12;

export const spxFields = defineFields({
  type: { name: 'spx.type', ...fixed('u8', 1, 'Datastream Type', { base: 'hex' }) },
  source: { name: 'spx.src', ...fixed('u16', 2, 'Source Connection ID') },
  destination: { name: 'spx.dst', ...fixed('u16', 4, 'Destination Connection ID') },
  sequence: { name: 'spx.seq', ...fixed('u16', 6, 'Sequence Number') },
  ack: { name: 'spx.ack', ...fixed('u16', 8, 'Acknowledgment Number') },
  allocation: { name: 'spx.alloc', ...fixed('u16', 10, 'Allocation Number') },
});
const CONTROL = defineBits('spx.ctl', [
  ['spx.ctl', 0xf0, 'Connection Control', 'u8', 'hex'],
  ['.sys', 0x80, 'System Packet'],
  ['.send_ack', 0x40, 'Send Ack'],
  ['.attn', 0x20, 'Attention'],
  ['.eom', 0x10, 'End of Message'],
]);

/** Novell's reliable transport. */
export const spx = defineDissector({
  name: 'spx',
  title: 'Sequenced Packet eXchange',
  hierarchy: 'heading',
  spec: ['Novell IPX Router Specification'],
  over: {},
  column: 'SPX',
  fields: { ...spxFields, ...namedFields(CONTROL) },
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    putBits(p, CONTROL, at, 1);
    p.payload(at + HEADER_LEN, p.wireEnd);
    return DONE;
  },
  info: (row) => `Sequence ${row.text(spxFields.sequence)}`,
});
export default spx;
