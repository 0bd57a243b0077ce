import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const QUERY = 0x11;
const REPORT_V1 = 0x12;
const REPORT_V2 = 0x16;
const LEAVE = 0x17;
const REPORT_V3 = 0x22;

const TYPES = { 0x11: 'Membership Query', 0x12: 'Membership Report', 0x16: 'Membership Report', 0x17: 'Leave Group', 0x22: 'Membership Report' } as const;
const RECORDS = {
  1: 'Mode Is Include', 2: 'Mode Is Exclude', 3: 'Change To Include Mode', 4: 'Change To Exclude Mode', 5: 'Allow New Sources', 6: 'Block Old Sources',
} as const;

export const igmpFields = defineFields({
  version: { name: 'igmp.version', ...put('u8', 'IGMP Version') },
  type: { name: 'igmp.type', ...fixed('u8', 0, 'Type', { base: 'hex', values: TYPES }) },
  maxResp: { name: 'igmp.max_resp', ...put('u8', 'Max Resp Time') },
  checksum: { name: 'igmp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'igmp.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  maddr: { name: 'igmp.maddr', ...put('ipv4', 'Multicast Address') },
  suppress: { name: 'igmp.s', ...put('boolean', 'S', { mask: 0x08 }) },
  qrv: { name: 'igmp.qrv', ...put('u8', 'QRV', { mask: 0x07 }) },
  qqic: { name: 'igmp.qqic', ...put('u8', 'QQIC') },
  sources: { name: 'igmp.num_src', ...put('u16', 'Num Src') },
  source: { name: 'igmp.saddr', ...put('ipv4', 'Source Address') },
  records: { name: 'igmp.num_grp_recs', ...put('u16', 'Num Group Records') },
  recordType: { name: 'igmp.record_type', ...put('u8', 'Record Type', { values: RECORDS }) },
  auxLen: { name: 'igmp.aux_data_len', ...put('u8', 'Aux Data Len') },
});
const F = igmpFields;

export const igmp = defineDissector({
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  spec: ['RFC 1112', 'RFC 2236', 'RFC 3376'],
  over: { 'ip.proto': [2] },
  fields: igmpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (!p.detail) return DONE;
    const b = p.bytes;
    const type = b[at];
    p.putInt(F.checksumStatus, at + 2, 0, 1);
    const isThird = type === REPORT_V3 || (type === QUERY && p.wireEnd - at >= 12);
    const isFirst = type === REPORT_V1 || (type === QUERY && !isThird && b[at + 1] === 0);
    p.putInt(F.version, at, 0, isThird ? 3 : isFirst ? 1 : 2);
    if (type === QUERY || type === REPORT_V1 || type === REPORT_V2 || type === LEAVE) {
      if (!isFirst) p.put(F.maxResp, at + 1, 1);
      p.put(F.maddr, at + 4, 4);
      if (!isThird) return DONE;
      if (end - at < 12) return p.tooShort(12);
      p.put(F.suppress, at + 8, 1);
      p.put(F.qrv, at + 8, 1);
      p.put(F.qqic, at + 9, 1);
      p.put(F.sources, at + 10, 2);
      let i = at + 12;
      for (let n = u16be(b, at + 10); n > 0; n--, i += 4) {
        if (i + 4 > end) return p.tooShort(i + 4 - at);
        p.put(F.source, i, 4);
      }
      return DONE;
    }
    if (type !== REPORT_V3) return DONE;
    p.put(F.records, at + 6, 2);
    let i = at + HEADER_LEN;
    for (let n = u16be(b, at + 6); n > 0; n--) {
      if (i + 8 > end) return p.tooShort(i + 8 - at);
      const sources = u16be(b, i + 2);
      p.put(F.recordType, i, 1);
      p.put(F.auxLen, i + 1, 1);
      p.put(F.sources, i + 2, 2);
      p.put(F.maddr, i + 4, 4);
      const aux = 4 * b[i + 1];
      i += 8;
      for (let k = 0; k < sources; k++, i += 4) {
        if (i + 4 > end) return p.tooShort(i + 4 - at);
        p.put(F.source, i, 4);
      }
      i += aux;
    }
    return DONE;
  },
});
export default igmp;
