import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const UNITDATA = 0;
const TYPES = {
  0: 'NS_UNITDATA', 2: 'NS_RESET', 3: 'NS_RESET_ACK', 4: 'NS_BLOCK', 5: 'NS_BLOCK_ACK', 6: 'NS_UNBLOCK', 7: 'NS_UNBLOCK_ACK', 8: 'NS_STATUS', 10: 'NS_ALIVE',
  11: 'NS_ALIVE_ACK',
} as const;

export const gprsNsFields = defineFields({ 
  pduType: { name: 'nsip.pdu_type', ...fixed('u8', 0, 'PDU type', { base: 'hex', values: TYPES }) },
  controlBits: { name: 'nsip.control_bits', ...put('u8', 'NS SDU Control bits', { base: 'hex' }) },
  controlBitsR: { name: 'nsip.control_bits.r', ...put('boolean', 'Request change flow', { mask: 0x1 }) },
  controlBitsC: { name: 'nsip.control_bits.c', ...put('boolean', 'Confirm change flow', { mask: 0x2 }) },
  controlBitsSpare: { name: 'nsip.control_bits.spare', ...put('u8', 'Spare bits', { base: 'hex', mask: 0xfc }) },
  bvci: { name: 'nsip.bvci', ...put('u16', 'BVCI') },
});
const F = gprsNsFields;
const UNITDATA_PART = layout({ 1: [F.controlBits, F.controlBitsR, F.controlBitsC, F.controlBitsSpare], 2: F.bvci });

/** GPRS network service over IP: BSSGP inside unit data. */
export const gprsNs = defineDissector({
  name: 'gprs-ns',
  title: 'GPRS Network Service',
  short: 'GPRS-NS',
  spec: ['3GPP TS 48.016 §9'],
  over: { 'udp.port': [2157, 19999] },
  fields: gprsNsFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    if (p.bytes[at] !== UNITDATA) return DONE;
    if (!putLayout(p, UNITDATA_PART, at, end)) return p.tooShort(UNITDATA_PART.length);
    p.payload(at + UNITDATA_PART.length, p.wireEnd);
    return p.id('bssgp');
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.pduType)] ?? 'Unknown',
});
export default gprsNs;
