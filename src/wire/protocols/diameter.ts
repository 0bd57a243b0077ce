import { u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 20;
const AVP_HEADER = 8;
const VENDOR = 0x80;
const TCP = 6;

export const diameterFields = defineFields({
  version: { name: 'diameter.Version', ...fixed('string', 0, 'Version') },
  length: { name: 'diameter.length', ...fixed('u24', 1, 'Length') },
  flags: { name: 'diameter.flags', ...fixed('u8', 4, 'Flags', { base: 'hex' }) },
  cmdCode: { name: 'diameter.cmd.code', ...fixed('u32', 5, 'Command Code') },
  applicationId: { name: 'diameter.applicationId', ...fixed('u32', 8, 'ApplicationId') },
  hopbyhopid: { name: 'diameter.hopbyhopid', ...fixed('u32', 12, 'Hop-by-Hop Identifier', { base: 'hex' }) },
  endtoendid: { name: 'diameter.endtoendid', ...fixed('u32', 16, 'End-to-End Identifier', { base: 'hex' }) },
  flagsRequest: { name: 'diameter.flags.request', ...put('boolean', 'Request', { mask: 0x80 }) },
  flagsProxyable: { name: 'diameter.flags.proxyable', ...put('boolean', 'Proxyable', { mask: 0x40 }) },
  flagsError: { name: 'diameter.flags.error', ...put('boolean', 'Error', { mask: 0x20 }) },
  flagsT: { name: 'diameter.flags.T', ...put('boolean', 'T(Potentially re-transmitted message)', { mask: 0x10 }) },
  flagsReserved4: { name: 'diameter.flags.reserved4', ...put('boolean', 'Reserved', { mask: 0x8 }) },
  flagsReserved5: { name: 'diameter.flags.reserved5', ...put('boolean', 'Reserved', { mask: 0x4 }) },
  flagsReserved6: { name: 'diameter.flags.reserved6', ...put('boolean', 'Reserved', { mask: 0x2 }) },
  flagsReserved7: { name: 'diameter.flags.reserved7', ...put('boolean', 'Reserved', { mask: 0x1 }) },
  avpCode: { name: 'diameter.avp.code', ...put('u32', 'AVP Code') },
  avpFlags: { name: 'diameter.avp.flags', ...put('u8', 'AVP Flags', { base: 'hex' }) },
  flagsVendorspecific: { name: 'diameter.flags.vendorspecific', ...put('boolean', 'Vendor-Specific', { mask: 0x80 }) },
  flagsMandatory: { name: 'diameter.flags.mandatory', ...put('boolean', 'Mandatory', { mask: 0x40 }) },
  avpFlagsProtected: { name: 'diameter.avp.flags.protected', ...put('boolean', 'Protected', { mask: 0x20 }) },
  avpFlagsReserved3: { name: 'diameter.avp.flags.reserved3', ...put('boolean', 'Reserved', { mask: 0x10 }) },
  avpFlagsReserved4: { name: 'diameter.avp.flags.reserved4', ...put('boolean', 'Reserved', { mask: 0x8 }) },
  avpFlagsReserved5: { name: 'diameter.avp.flags.reserved5', ...put('boolean', 'Reserved', { mask: 0x4 }) },
  avpFlagsReserved6: { name: 'diameter.avp.flags.reserved6', ...put('boolean', 'Reserved', { mask: 0x2 }) },
  avpFlagsReserved7: { name: 'diameter.avp.flags.reserved7', ...put('boolean', 'Reserved', { mask: 0x1 }) },
  avpLen: { name: 'diameter.avp.len', ...put('u24', 'AVP Length') },
  avp: { name: 'diameter.avp', ...put('bytes', 'AVP') },
  avpVendorId: { name: 'diameter.avp.vendorId', ...put('u32', 'AVP Vendor Id') },
});
const F = diameterFields;
const FLAGS = layout({
  4: [F.flagsRequest, F.flagsProxyable, F.flagsError, F.flagsT, F.flagsReserved4, F.flagsReserved5, F.flagsReserved6, F.flagsReserved7],
});
const AVP = layout({
  0: F.avpCode,
  4: [
    F.avpFlags, F.flagsVendorspecific, F.flagsMandatory, F.avpFlagsProtected, F.avpFlagsReserved3, F.avpFlagsReserved4, F.avpFlagsReserved5, F.avpFlagsReserved6,
    F.avpFlagsReserved7,
  ],
  5: F.avpLen,
});

export const diameter = defineDissector({
  name: 'diameter',
  title: 'Diameter Protocol',
  spec: ['RFC 6733 §3, §4'],
  over: { 'tcp.port': [3868], 'sctp.port': [3868], 'sctp.ppi': [46] },
  fields: diameterFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const verdict = p.ipProto === TCP ? p.more(HEADER_LEN - (end - at)) : DONE;
      return verdict === DONE ? p.tooShort(HEADER_LEN) : verdict;
    }
    const b = p.bytes;
    const length = u24be(b, at + 1);
    if (b[at] !== 1 || length < HEADER_LEN || length % 4 !== 0) return DECLINE;
    const next = at + length;
    if (p.ipProto === TCP && next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    putLayout(p, FLAGS, at, end);
    putAvps(p, at + HEADER_LEN, Math.min(end, next));
    if (p.ipProto === TCP && next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `cmd=${row.text(F.cmdCode)} ${row.num(F.flagsRequest) === 1 ? 'Request' : 'Answer'} appl=${row.text(F.applicationId)}`,
});
export default diameter;

function putAvps(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + AVP_HEADER <= end;) {
    const length = u24be(b, i + 5);
    if (length < AVP_HEADER || i + length > end) return;
    p.put(F.avp, i, length);
    putLayout(p, AVP, i, end);
    if ((b[i + 4] & VENDOR) !== 0 && length >= 12) p.put(F.avpVendorId, i + 8, 4);
    i += (length + 3) & ~3;
  }
}
