import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_V1 = 12;
const HEADER_V2 = 14;

const FUNCTIONS = {
  1: 'Service Request', 2: 'Service Reply', 3: 'Service Registration', 4: 'Service Deregister', 5: 'Service Acknowledge', 6: 'Attribute Request', 7: 'Attribute Reply',
  8: 'DA Advertisement', 9: 'Service Type Request', 10: 'Service Type Reply', 11: 'SA Advertisement',
} as const;

export const srvlocFields = defineFields({
  version: { name: 'srvloc.version', ...fixed('u8', 0, 'Version') },
  function: { name: 'srvloc.function', ...fixed('u8', 1, 'Function', { values: FUNCTIONS }) },
  pktlen: { name: 'srvloc.pktlen', ...put('u24', 'Packet Length') },
  flagsV1: { name: 'srvloc.flags_v1', ...put('u8', 'Flags', { base: 'hex' }) },
  flagsV1Overflow: { name: 'srvloc.flags_v1.overflow', ...put('boolean', 'Overflow', { mask: 0x80 }) },
  flagsV1Monolingual: { name: 'srvloc.flags_v1.monolingual', ...put('boolean', 'Monolingual', { mask: 0x40 }) },
  flagsV1UrlAuth: { name: 'srvloc.flags_v1.url_auth', ...put('boolean', 'URL Authentication', { mask: 0x20 }) },
  flagsV1AttributeAuth: { name: 'srvloc.flags_v1.attribute_auth', ...put('boolean', 'Attribute Authentication', { mask: 0x10 }) },
  flagsV1Fresh: { name: 'srvloc.flags_v1.fresh', ...put('boolean', 'Fresh Registration', { mask: 0x8 }) },
  xid: { name: 'srvloc.xid', ...put('u24', 'XID') },
  flagsV2: { name: 'srvloc.flags_v2', ...put('u16', 'Flags', { base: 'hex' }) },
  flagsV2Overflow: { name: 'srvloc.flags_v2.overflow', ...put('boolean', 'Overflow', { mask: 0x8000, size: 2 }) },
  flagsV2Fresh: { name: 'srvloc.flags_v2.fresh', ...put('boolean', 'Fresh Registration', { mask: 0x4000, size: 2 }) },
  flagsV2Reqmulti: { name: 'srvloc.flags_v2.reqmulti', ...put('boolean', 'Multicast requested', { mask: 0x2000, size: 2 }) },
  langtaglen: { name: 'srvloc.langtaglen', ...put('u16', 'Lang Tag Len') },
  langtag: { name: 'srvloc.langtag', ...put('string', 'Lang Tag') },
});
const F = srvlocFields;
const V1 = layout({ 2: [[F.pktlen, 2]], 4: [F.flagsV1, F.flagsV1Overflow, F.flagsV1Monolingual, F.flagsV1UrlAuth, F.flagsV1AttributeAuth, F.flagsV1Fresh], 10: [[F.xid, 2]] });
const V2 = layout({ 2: F.pktlen, 5: [F.flagsV2, F.flagsV2Overflow, F.flagsV2Fresh, F.flagsV2Reqmulti], 10: [[F.xid, 2]], 12: F.langtaglen });

/** Service location, versions 1 and 2, by the head. */
export const srvloc = defineDissector({
  name: 'srvloc',
  title: 'Service Location Protocol',
  spec: ['RFC 2608 §8', 'RFC 2165'],
  over: { 'udp.port': [427], 'tcp.port': [427] },
  fields: srvlocFields,
  dissect(p, at, end) {
    if (end - at < HEADER_V1) return p.tooShort(HEADER_V1);
    if (p.bytes[at] < 2) {
      putLayout(p, V1, at, end);
      return DONE;
    }
    if (!putLayout(p, V2, at, end)) return p.tooShort(HEADER_V2);
    const length = u16be(p.bytes, at + 12);
    if (at + HEADER_V2 + length <= end) p.put(F.langtag, at + HEADER_V2, length);
    return DONE;
  },
  info: (row) => (FUNCTIONS as Readonly<Record<number, string>>)[row.num(F.function)] ?? 'Unknown',
});
export default srvloc;
