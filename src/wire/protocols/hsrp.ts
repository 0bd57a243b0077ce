import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const ADVERTISE = 3;
/** Version 2 is known by its destination, 224.0.0.102 or ff02::66. */
const VERSION_2_GROUP = 0x66;

const GROUP_STATE = 1;
const INTERFACE_STATE = 2;
const TEXT_AUTHENTICATION = 3;
const MD5_AUTHENTICATION = 4;

const OPCODES = { 0: 'Hello', 1: 'Coup', 2: 'Resign', 3: 'Advertise' } as const;
const STATES = { 0: 'Initial', 1: 'Learn', 2: 'Listen', 4: 'Speak', 8: 'Standby', 16: 'Active' } as const;

export const hsrpFields = defineFields({ 
  state: { name: 'hsrp.state', ...put('u8', 'State', { values: STATES }) },
  hellotime: { name: 'hsrp.hellotime', ...put('u8', 'Hellotime') },
  holdtime: { name: 'hsrp.holdtime', ...put('u8', 'Holdtime') },
  priority: { name: 'hsrp.priority', ...put('u8', 'Priority') },
  group: { name: 'hsrp.group', ...put('u8', 'Group') },
  reserved: { name: 'hsrp.reserved', ...put('u8', 'Reserved') },
  authData: { name: 'hsrp.auth_data', ...put('string', 'Authentication Data') },
  virtIp: { name: 'hsrp.virt_ip', ...put('ipv4', 'Virtual IP Address') },
  advTlvtype: { name: 'hsrp.adv.tlvtype', ...put('u16', 'Adv type') },
  advTlvlength: { name: 'hsrp.adv.tlvlength', ...put('u16', 'Adv length') },
  advState: { name: 'hsrp.adv.state', ...put('u8', 'Adv state') },
  advReserved1: { name: 'hsrp.adv.reserved1', ...put('u8', 'Adv reserved1') },
  advActivegrp: { name: 'hsrp.adv.activegrp', ...put('u16', 'Adv active groups') },
  advPassivegrp: { name: 'hsrp.adv.passivegrp', ...put('u16', 'Adv passive groups') },
  advReserved2: { name: 'hsrp.adv.reserved2', ...put('u32', 'Adv reserved2') },
  v2Version: { name: 'hsrp2.version', ...put('u8', 'Version') },
  v2Opcode: { name: 'hsrp2.opcode', ...put('u8', 'Op Code', { values: OPCODES }) },
  v2State: { name: 'hsrp2.state', ...put('u8', 'State') },
  v2Ipversion: { name: 'hsrp2.ipversion', ...put('u8', 'IP Ver.') },
  v2Group: { name: 'hsrp2.group', ...put('u16', 'Group') },
  v2Identifier: { name: 'hsrp2.identifier', ...put('ether', 'Identifier') },
  v2Priority: { name: 'hsrp2.priority', ...put('u32', 'Priority') },
  v2Hellotime: { name: 'hsrp2.hellotime', ...put('u32', 'Hellotime') },
  v2Holdtime: { name: 'hsrp2.holdtime', ...put('u32', 'Holdtime') },
  v2ActiveGroups: { name: 'hsrp2.active_groups', ...put('u16', 'Active Groups') },
  v2PassiveGroups: { name: 'hsrp2.passive_groups', ...put('u16', 'Passive Groups') },
  v2Md5Algorithm: { name: 'hsrp2.md5_algorithm', ...put('u8', 'MD5 Algorithm') },
  v2Md5Padding: { name: 'hsrp2.md5_padding', ...put('u8', 'Padding', { base: 'hex' }) },
  v2Md5Flags: { name: 'hsrp2.md5_flags', ...put('u16', 'MD5 Flags') },
  md5IpAddress: { name: 'hsrp.md5_ip_address', ...put('ipv4', 'Sender\'s IP Address') },
  v2Md5KeyId: { name: 'hsrp2.md5_key_id', ...put('u32', 'MD5 Key ID') },
  v2Md5AuthData: { name: 'hsrp2.md5_auth_data', ...put('bytes', 'MD5 Authentication Data') },
  version: { name: 'hsrp.version', ...put('u8', 'Version') },
  opcode: { name: 'hsrp.opcode', ...put('u8', 'Op Code', { values: OPCODES }) },
  v2GroupStateTlv: { name: 'hsrp2.group_state_tlv', ...put('u8', 'Group State TLV') },
  v2VirtIpV6: { name: 'hsrp2.virt_ip_v6', ...put('ipv6', 'Virtual IPv6 Address') },
  v2VirtIp: { name: 'hsrp2.virt_ip', ...put('ipv4', 'Virtual IP Address') },
  v2InterfaceStateTlv: { name: 'hsrp2.interface_state_tlv', ...put('u8', 'Interface State TLV') },
  v2TextAuthTlv: { name: 'hsrp2.text_auth_tlv', ...put('u8', 'Text Authentication TLV') },
  v2AuthData: { name: 'hsrp2.auth_data', ...put('string', 'Authentication Data') },
  v2Md5AuthTlv: { name: 'hsrp2.md5_auth_tlv', ...put('u8', 'MD5 Authentication TLV') },
});
const F = hsrpFields;

const MESSAGE = layout({ 2: F.state, 3: F.hellotime, 4: F.holdtime, 5: F.priority, 6: F.group, 7: F.reserved, 8: [[F.authData, 8]], 16: F.virtIp });
const ADVERTISEMENT = layout({ 2: F.advTlvtype, 4: F.advTlvlength, 6: F.advState, 7: F.advReserved1, 8: F.advActivegrp, 10: F.advPassivegrp, 12: F.advReserved2 });

const STATE_PART = layout({
  2: F.v2Version, 3: F.v2Opcode, 4: F.v2State, 5: F.v2Ipversion, 6: F.v2Group, 8: F.v2Identifier, 14: F.v2Priority, 18: F.v2Hellotime, 22: F.v2Holdtime,
});
const INTERFACE_PART = layout({ 2: F.v2ActiveGroups, 4: F.v2PassiveGroups });
const MD5_PART = layout({ 2: F.v2Md5Algorithm, 3: F.v2Md5Padding, 4: F.v2Md5Flags, 6: [[F.md5IpAddress, 4]], 10: F.v2Md5KeyId, 14: [[F.v2Md5AuthData, 16]] });

export const hsrp = defineDissector({
  name: 'hsrp',
  title: 'Cisco Hot Standby Router Protocol',
  spec: ['RFC 2281 §5'],
  over: { 'udp.port': [1985, 2029] },
  fields: hsrpFields,
  column: (row) => (row.has(F.v2Ipversion) || row.has(F.v2ActiveGroups) ? 'HSRPv2' : 'HSRP'),
  dissect(p, at, end) {
    if (isSecond(p)) return putSecond(p, at, end);
    if (end - at < 2) return p.tooShort(2);
    p.put(F.version, at, 1);
    p.put(F.opcode, at + 1, 1);
    const part = p.bytes[at + 1] === ADVERTISE ? ADVERTISEMENT : MESSAGE;
    return putLayout(p, part, at, end) ? DONE : p.tooShort(part.length);
  },
  info: (row) => `${row.text(F.opcode)} (state ${row.text(F.state)})`,
});
export default hsrp;

function isSecond(p: PacketView): boolean {
  return p.ipVersion === 6 || (p.ipVersion === 4 && p.bytes[p.dstAt + 3] === VERSION_2_GROUP && p.bytes[p.dstAt] === 224);
}

function putSecond(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at; i < end;) {
    if (end - i < 2) return p.tooShort(i + 2 - at);
    const next = i + 2 + b[i + 1];
    if (next > end) return p.tooShort(next - at);
    if (b[i] === GROUP_STATE) {
      p.put(F.v2GroupStateTlv, i, 1);
      if (putLayout(p, STATE_PART, i, next)) {
        if (b[i + 5] === 6) p.put(F.v2VirtIpV6, i + 26, Math.min(16, next - i - 26));
        else if (next - i >= 30) p.put(F.v2VirtIp, i + 26, 4);
      }
    } else if (b[i] === INTERFACE_STATE) {
      p.put(F.v2InterfaceStateTlv, i, 1);
      putLayout(p, INTERFACE_PART, i, next);
    } else if (b[i] === TEXT_AUTHENTICATION) {
      p.put(F.v2TextAuthTlv, i, 1);
      p.put(F.v2AuthData, i + 2, Math.min(8, next - i - 2));
    } else if (b[i] === MD5_AUTHENTICATION) {
      p.put(F.v2Md5AuthTlv, i, 1);
      putLayout(p, MD5_PART, i, next);
    } else if (u16be(b, i) === 0) return DONE;
    i = next;
  }
  return DONE;
}
