import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 6;
const NO_NEXT = 59;

const TYPES = {
  0: 'Binding Refresh Request', 1: 'Home Test Init', 2: 'Care-of Test Init', 3: 'Home Test', 4: 'Care-of Test', 5: 'Binding Update', 6: 'Binding Acknowledgement',
  7: 'Binding Error', 8: 'Fast Binding Update', 9: 'Fast Binding Acknowledgement', 10: 'Fast Neighbor Advertisement', 12: 'Home Agent Switch Message',
  13: 'Heartbeat', 15: 'Binding Revocation Message',
} as const;

export const mipv6Fields = defineFields({ 
  proto: { name: 'mip6.proto', ...fixed('u8', 0, 'Payload protocol') },
  hlen: { name: 'mip6.hlen', ...fixed('u8', 1, 'Header length') },
  mhtype: { name: 'mip6.mhtype', ...fixed('u8', 2, 'Mobility Header Type', { values: TYPES }) },
  reserved: { name: 'mip6.reserved', ...fixed('u8', 3, 'Reserved', { base: 'hex' }) },
  csum: { name: 'mip6.csum', ...fixed('u16', 4, 'Checksum', { base: 'hex' }) },
  bindingRefreshRequest: { name: 'mip6.binding_refresh_request', ...put('bytes', 'Binding Refresh Request') },
  hotiCookie: { name: 'mip6.hoti.cookie', ...put('u64', 'Home Init Cookie', { base: 'hex' }) },
  cotiCookie: { name: 'mip6.coti.cookie', ...put('u64', 'Care-of Init Cookie', { base: 'hex' }) },
  hotNindex: { name: 'mip6.hot.nindex', ...put('u16', 'Home Nonce Index') },
  hotCookie: { name: 'mip6.hot.cookie', ...put('u64', 'Home Init Cookie', { base: 'hex' }) },
  hotToken: { name: 'mip6.hot.token', ...put('u64', 'Home Keygen Token', { base: 'hex' }) },
  cotNindex: { name: 'mip6.cot.nindex', ...put('u16', 'Care-of Nonce Index') },
  cotCookie: { name: 'mip6.cot.cookie', ...put('u64', 'Care-of Init Cookie', { base: 'hex' }) },
  buSeqnr: { name: 'mip6.bu.seqnr', ...put('u16', 'Sequence number') },
  buAFlag: { name: 'mip6.bu.a_flag', ...put('boolean', 'Acknowledge (A) flag', { mask: 0x8000, size: 2 }) },
  buHFlag: { name: 'mip6.bu.h_flag', ...put('boolean', 'Home Registration (H) flag', { mask: 0x4000, size: 2 }) },
  buLFlag: { name: 'mip6.bu.l_flag', ...put('boolean', 'Link-Local Compatibility (L) flag', { mask: 0x2000, size: 2 }) },
  buKFlag: { name: 'mip6.bu.k_flag', ...put('boolean', 'Key Management Compatibility (K) flag', { mask: 0x1000, size: 2 }) },
  buMFlag: { name: 'mip6.bu.m_flag', ...put('boolean', 'MAP Registration Compatibility (M) flag', { mask: 0x800, size: 2 }) },
  nemoRFlag: { name: 'mip6.nemo.bu.r_flag', ...put('boolean', 'Mobile Router (R) flag', { mask: 0x400, size: 2 }) },
  buPFlag: { name: 'mip6.bu.p_flag', ...put('boolean', 'Proxy Registration (P) flag', { mask: 0x200, size: 2 }) },
  buFFlag: { name: 'mip6.bu.f_flag', ...put('boolean', 'Forcing UDP encapsulation (F) flag', { mask: 0x100, size: 2 }) },
  buTFlag: { name: 'mip6.bu.t_flag', ...put('boolean', 'TLV-header format (T) flag', { mask: 0x80, size: 2 }) },
  buBFlag: { name: 'mip6.bu.b_flag', ...put('boolean', 'Bulk-Binding-Update flag (B)', { mask: 0x40, size: 2 }) },
  buLifetime: { name: 'mip6.bu.lifetime', ...put('u16', 'Lifetime') },
  baStatus: { name: 'mip6.ba.status', ...put('u8', 'Status') },
  baKFlag: { name: 'mip6.ba.k_flag', ...put('boolean', 'Key Management Compatibility (K) flag', { mask: 0x80 }) },
  baSeqnr: { name: 'mip6.ba.seqnr', ...put('u16', 'Sequence number') },
  baLifetime: { name: 'mip6.ba.lifetime', ...put('u16', 'Lifetime') },
  beStatus: { name: 'mip6.be.status', ...put('u8', 'Status') },
  beHaddr: { name: 'mip6.be.haddr', ...put('ipv6', 'Home Address') },
});
const F = mipv6Fields;

/** Messages by type (RFC 6275 §6.1). */
const BODIES: Readonly<Record<number, Layout>> = {
  0: layout({ 6: [[F.bindingRefreshRequest, 2]] }),
  1: layout({ 8: F.hotiCookie }),
  2: layout({ 8: F.cotiCookie }),
  3: layout({ 6: F.hotNindex, 8: F.hotCookie, 16: F.hotToken }),
  4: layout({ 6: F.cotNindex, 8: F.cotCookie, 16: F.hotToken }),
  5: layout({
    6: F.buSeqnr, 8: [F.buAFlag, F.buHFlag, F.buLFlag, F.buKFlag, F.buMFlag, F.nemoRFlag, F.buPFlag, F.buFFlag, F.buTFlag, F.buBFlag], 10: F.buLifetime,
  }),
  6: layout({ 6: F.baStatus, 7: [F.baKFlag], 8: F.baSeqnr, 10: F.baLifetime }),
  7: layout({ 6: F.beStatus, 8: F.beHaddr }),
};

export const mipv6 = defineDissector({
  name: 'mipv6',
  title: 'Mobile IPv6',
  short: 'MIPv6',
  spec: ['RFC 6275 §6.1', 'RFC 5213', 'RFC 3963'],
  over: { 'ip.proto': [62, 135], 'udp.port': [5436] },
  fields: mipv6Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const messageEnd = at + 8 * (b[at + 1] + 1);
    const body = BODIES[b[at + 2]];
    if (body !== undefined && !putLayout(p, body, at, end)) return p.tooShort(body.length);
    if (b[at] !== NO_NEXT && messageEnd < p.wireEnd) {
      p.payload(messageEnd, p.wireEnd);
      return p.next('ip.proto', b[at]);
    }
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.mhtype)] ?? 'Unknown',
});
export default mipv6;
