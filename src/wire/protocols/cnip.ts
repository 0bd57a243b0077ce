import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 20;

export const cnipFields = defineFields({
  len: { name: 'cnip.len', ...fixed('u16', 0, 'Packet length') },
  ver: { name: 'cnip.ver', ...fixed('u8', 2, 'Version') },
  type: { name: 'cnip.type', ...fixed('u8', 3, 'Packet type', { base: 'hex' }) },
  exth: { name: 'cnip.exth', ...fixed('u8', 4, 'Ext. Header Size') },
  pf: { name: 'cnip.pf', ...fixed('u8', 5, 'Protocol Flags') },
  vendorcode: { name: 'cnip.vendorcode', ...fixed('u16', 6, 'Vendor Code') },
  sessid: { name: 'cnip.sessid', ...fixed('u32', 8, 'Session ID') },
  seqno: { name: 'cnip.seqno', ...fixed('u32', 12, 'Sequence Number') },
  tstamp: { name: 'cnip.tstamp', ...fixed('u32', 16, 'Time Stamp') },
});

/** Control networks over IP: the head that all packets share, and what it carries as data. */
export const cnip = defineDissector({
  name: 'cnip',
  title: 'Component Network over IP',
  short: 'CN/IP',
  spec: ['EN 14908-4', 'EIA-852'],
  over: { 'udp.port': [1628, 1629] },
  fields: cnipFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, p.wireEnd);
    return 0;
  },
});
export default cnip;
