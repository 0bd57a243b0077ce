import { isisSnpFields, readSnp, readSnpTlv } from '../codecs/isis-snp.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const FIELDS = isisSnpFields('isis.psnp');
const { tlv: T, own } = FIELDS;
const readTlv = (p: PacketView, type: number, at: number, end: number): void => readSnpTlv(p, FIELDS, type, at, end);

export const isisPsnp = defineDissector({
  name: 'isis.psnp',
  title: 'ISO 10589 ISIS Partial Sequence Numbers Protocol Data Unit',
  short: 'ISIS PSNP',
  column: 'ISIS PSNP',
  spec: ['ISO 10589 §9.12'],
  over: {},
  fields: { ...own, t1: T.type, t2: T.length, t3: T.area, t4: T.protocol, t5: T.ip, t6: T.ipv6, t7: T.instance, t8: T.topology },
  dissect: (p, at, end) => readSnp(p, at, end, FIELDS, false, readTlv),
  info: (row) => `Source-ID: ${row.text(own.source)}`,
});
export default isisPsnp;
