import { u16be } from '../../base/bytes.ts';
import { internetSum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 16;
const SPM = 0;
const ODATA = 4;
const RDATA = 5;

const TYPES = { 0: 'SPM', 1: 'POLL', 2: 'POLR', 4: 'ODATA', 5: 'RDATA', 8: 'NAK', 9: 'NNAK', 10: 'NCF', 13: 'ACK' } as const;

export const pgmFields = defineFields({ 
  hdrSport: { name: 'pgm.hdr.sport', ...fixed('u16', 0, 'Source Port') },
  hdrDport: { name: 'pgm.hdr.dport', ...fixed('u16', 2, 'Destination Port') },
  hdrType: { name: 'pgm.hdr.type', ...fixed('u8', 4, 'Type', { base: 'hex', values: TYPES }) },
  hdrOpts: { name: 'pgm.hdr.opts', ...fixed('u8', 5, 'Options', { base: 'hex' }) },
  hdrOptsOpt: { name: 'pgm.hdr.opts.opt', ...fixed('boolean', 5, 'Options', { mask: 0x1 }) },
  hdrOptsNetsig: { name: 'pgm.hdr.opts.netsig', ...fixed('boolean', 5, 'Network Significant Options', { mask: 0x2 }) },
  hdrOptsVarlen: { name: 'pgm.hdr.opts.varlen', ...fixed('boolean', 5, 'Variable length Parity Packet Option', { mask: 0x40 }) },
  hdrOptsParity: { name: 'pgm.hdr.opts.parity', ...fixed('boolean', 5, 'Parity', { mask: 0x80 }) },
  hdrCksum: { name: 'pgm.hdr.cksum', ...fixed('u16', 6, 'Checksum', { base: 'hex' }) },
  hdrTsdulen: { name: 'pgm.hdr.tsdulen', ...fixed('u16', 14, 'Transport Service Data Unit Length') },
  spmSqn: { name: 'pgm.spm.sqn', ...put('u32', 'Sequence number', { base: 'hex' }) },
  spmTrail: { name: 'pgm.spm.trail', ...put('u32', 'Trailing Edge Sequence Number', { base: 'hex' }) },
  spmLead: { name: 'pgm.spm.lead', ...put('u32', 'Leading Edge Sequence Number', { base: 'hex' }) },
  spmPathafi: { name: 'pgm.spm.pathafi', ...put('u16', 'Path NLA AFI') },
  spmRes: { name: 'pgm.spm.res', ...put('u16', 'Reserved', { base: 'hex' }) },
  spmPathIpv4: { name: 'pgm.spm.path.ipv4', ...put('ipv4', 'Path NLA') },
  hdrGsi: { name: 'pgm.hdr.gsi', ...put('bytes', 'Global Source Identifier') },
  hdrCksumStatus: { name: 'pgm.hdr.cksum.status', ...put('u8', 'Checksum Status') },
});
const F = pgmFields;
const SOURCE_PATH = layout({ 16: F.spmSqn, 20: F.spmTrail, 24: F.spmLead, 28: F.spmPathafi, 30: F.spmRes, 32: F.spmPathIpv4 });
const DATA_PART = layout({ 16: F.spmSqn, 20: F.spmTrail });

export const pgm = defineDissector({
  name: 'pgm',
  title: 'Pragmatic General Multicast',
  spec: ['RFC 3208 §8'],
  over: { 'ip.proto': [113] },
  fields: pgmFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const type = b[at + 4];
    p.put(F.hdrGsi, at + 8, 6);
    p.putInt(F.hdrCksumStatus, at + 6, 0, p.wireEnd > end ? 2 : internetSum(b, at, end) === 0xffff ? 1 : 0);
    if (type === SPM) return putLayout(p, SOURCE_PATH, at, end) ? DONE : p.tooShort(SOURCE_PATH.length);
    if (type !== ODATA && type !== RDATA) return DONE;
    if (!putLayout(p, DATA_PART, at, end)) return p.tooShort(DATA_PART.length);
    p.payload(p.wireEnd - Math.min(u16be(b, at + 14), p.wireEnd - at - DATA_PART.length), p.wireEnd);
    return 0;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.hdrType)] ?? 'Unknown',
});
export default pgm;
