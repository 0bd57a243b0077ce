import { isisSnpFields, readSnp, readSnpTlv } from '../codecs/isis-snp.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const FIELDS = isisSnpFields('isis.csnp');
const { tlv: T, own } = FIELDS;
const readTlv = (p: PacketView, type: number, at: number, end: number): void => readSnpTlv(p, FIELDS, type, at, end);

export const isisCsnp = defineDissector({
  name: 'isis.csnp',
  title: 'ISO 10589 ISIS Complete Sequence Numbers Protocol Data Unit',
  short: 'ISIS CSNP',
  column: 'ISIS CSNP',
  spec: ['ISO 10589 §9.10'],
  over: {},
  fields: { ...own, t1: T.type, t2: T.length, t3: T.area, t4: T.protocol, t5: T.ip, t6: T.ipv6, t7: T.instance, t8: T.topology },
  dissect: (p, at, end) => readSnp(p, at, end, FIELDS, true, readTlv),
  info: (row) => `Source-ID: ${row.text(own.source)}`,
});
export default isisCsnp;
