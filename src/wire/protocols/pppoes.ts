import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 6;

export const pppoesFields = defineFields({
  version: { name: 'pppoe.version', ...fixed('u8', 0, 'Version', { mask: 0xf0 }) },
  type: { name: 'pppoe.type', ...fixed('u8', 0, 'Type', { mask: 0x0f }) },
  code: { name: 'pppoe.code', ...fixed('u8', 1, 'Code', { base: 'hex' }) },
  sessionId: { name: 'pppoe.session_id', ...fixed('u16', 2, 'Session ID', { base: 'hex' }) },
  payloadLength: { name: 'pppoe.payload_length', ...fixed('u16', 4, 'Payload Length') },
});

export const pppoes = defineDissector({
  name: 'pppoes',
  title: 'PPP-over-Ethernet Session',
  spec: ['RFC 2516 §6'],
  over: { ethertype: [0x8864] },
  fields: pppoesFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, Math.min(p.wireEnd, at + HEADER_LEN + u16be(p.bytes, at + 4)));
    return p.id('ppp');
  },
});
export default pppoes;
