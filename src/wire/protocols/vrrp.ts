import { putChecksum, pseudoSum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const PROTO = 112;
const NO_AUTHENTICATION = 0;
const MD5 = 254;

export const vrrpFields = defineFields({ 
  typever: { name: 'vrrp.typever', ...fixed('u8', 0, 'VRRP message version and type') },
  version: { name: 'vrrp.version', ...fixed('u8', 0, 'VRRP protocol version', { mask: 0xf0 }) },
  type: { name: 'vrrp.type', ...fixed('u8', 0, 'VRRP packet type', { mask: 0xf }) },
  virtRtrId: { name: 'vrrp.virt_rtr_id', ...fixed('u8', 1, 'Virtual Rtr ID') },
  prio: { name: 'vrrp.prio', ...fixed('u8', 2, 'Priority') },
  addrCount: { name: 'vrrp.addr_count', ...fixed('u8', 3, 'Addr Count') },
  reservedMbz: { name: 'vrrp.reserved_mbz', ...put('u8', 'Reserved', { mask: 0xf0 }) },
  shortAdverInt: { name: 'vrrp.short_adver_int', ...put('u16', 'Adver Int', { mask: 0xfff }) },
  authType: { name: 'vrrp.auth_type', ...put('u8', 'Auth Type') },
  adverInt: { name: 'vrrp.adver_int', ...put('u8', 'Adver Int') },
  checksum: { name: 'vrrp.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'vrrp.checksum.status', ...put('u8', 'Checksum Status') },
  ipv6Addr: { name: 'vrrp.ipv6_addr', ...put('ipv6', 'IPv6 Address') },
  ipAddr: { name: 'vrrp.ip_addr', ...put('ipv4', 'IP Address') },
  md5AuthData: { name: 'vrrp.md5_auth_data', ...put('bytes', 'MD5 Authentication Data') },
  authString: { name: 'vrrp.auth_string', ...put('string', 'Authentication String') },
});
const F = vrrpFields;

/** Versions 2 and 3. */
export const vrrp = defineDissector({
  name: 'vrrp',
  title: 'Virtual Router Redundancy Protocol',
  spec: ['RFC 3768 §5', 'RFC 5798 §5'],
  over: { 'ip.proto': [PROTO] },
  fields: vrrpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const version = b[at] >> 4;
    const count = b[at + 3];
    if (version === 3) {
      p.put(F.reservedMbz, at + 4, 1);
      p.put(F.shortAdverInt, at + 4, 2);
    } else {
      p.put(F.authType, at + 4, 1);
      p.put(F.adverInt, at + 5, 1);
    }
    p.put(F.checksum, at + 6, 2);
    // Over IPv4 version 3 need not count the pseudo header; senders differ, and the field's tools take version 3 to count it.
    putChecksum(p, F.checksumStatus, 'vrrp.checksum_bad.expert', at + 6, at, p.wireEnd, version === 3 ? pseudoSum(p, PROTO, p.wireEnd - at) : 0);
    const size = p.ipVersion === 6 ? 16 : 4;
    let i = at + HEADER_LEN;
    for (let n = 0; n < count; n++, i += size) {
      if (i + size > end) return p.tooShort(i + size - at);
      p.put(size === 16 ? F.ipv6Addr : F.ipAddr, i, size);
    }
    if (version === 3 || b[at + 4] === NO_AUTHENTICATION || i >= p.wireEnd) return DONE;
    if (end - i < 8) return p.tooShort(i + 8 - at);
    if (b[at + 4] === MD5) p.put(F.md5AuthData, i, Math.min(16, end - i));
    else p.put(F.authString, i, 8);
    return DONE;
  },
  info: (row) => `Announcement (v${row.text(F.version)})`,
});
export default vrrp;
