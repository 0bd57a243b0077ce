import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const autoRpFields = defineFields({ 
  version: { name: 'auto_rp.version', ...fixed('u8', 0, 'Protocol version', { mask: 0xf0 }) },
  type: { name: 'auto_rp.type', ...fixed('u8', 0, 'Packet type', { mask: 0xf }) },
  rpCount: { name: 'auto_rp.rp_count', ...fixed('u8', 1, 'RP count') },
  holdtime: { name: 'auto_rp.holdtime', ...fixed('u16', 2, 'Holdtime') },
  reserved: { name: 'auto_rp.reserved', ...fixed('u32', 4, 'Reserved', { base: 'hex' }) },
  rpAddr: { name: 'auto_rp.rp_addr', ...put('ipv4', 'RP address') },
  pimVer: { name: 'auto_rp.pim_ver', ...put('u8', 'Version', { mask: 0x3 }) },
  groupNum: { name: 'auto_rp.group_num', ...put('u8', 'Number of groups this RP maps to') },
  prefixSign: { name: 'auto_rp.prefix_sign', ...put('u8', 'Sign', { mask: 0x1 }) },
  maskLen: { name: 'auto_rp.mask_len', ...put('u8', 'Mask length') },
  groupPrefix: { name: 'auto_rp.group_prefix', ...put('ipv4', 'Prefix') },
});
const F = autoRpFields;
const POINT = layout({ 0: F.rpAddr, 4: F.pimVer, 5: F.groupNum });
const GROUP = layout({ 0: F.prefixSign, 1: F.maskLen, 2: F.groupPrefix });

/** Which routers are rendezvous points for which groups. */
export const autoRp = defineDissector({
  name: 'auto_rp',
  title: 'Cisco Auto-RP',
  short: 'Auto-RP',
  spec: ['Cisco "Auto-RP: Automatic discovery of Group-to-RP mappings for IP multicast"'],
  over: { 'udp.port': [496] },
  fields: autoRpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    let i = at + HEADER_LEN;
    for (let n = p.bytes[at + 1]; n > 0 && i < end; n--) {
      if (!putLayout(p, POINT, i, end)) return p.tooShort(i + POINT.length - at);
      const groups = p.bytes[i + 5];
      i += POINT.length;
      for (let k = 0; k < groups; k++, i += GROUP.length) if (!putLayout(p, GROUP, i, end)) return p.tooShort(i + GROUP.length - at);
    }
    return DONE;
  },
});
export default autoRp;
