import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

// Version 1 (16 bytes): packet type 2, ARPHRD 2, address length 2, address 8, protocol 2.
// Version 2 (20 bytes): protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8.
const V1_LEN = 16;
const V2_LEN = 20;

const PACKET_TYPES = { 0: 'Unicast to us', 1: 'Broadcast', 2: 'Multicast', 3: 'Unicast to another host', 4: 'Sent by us' } as const;

export const sllFields = defineFields({
  pktType: { name: 'sll.pkttype', ...put('u16', 'Packet type', { values: PACKET_TYPES }) },
  haType: { name: 'sll.hatype', ...put('u16', 'Link-layer address type') },
  haLen: { name: 'sll.halen', ...put('u16', 'Link-layer address length') },
  srcEth: { name: 'sll.src.eth', ...put('ether', 'Source') },
  srcIpv4: { name: 'sll.src.ipv4', ...put('ipv4', 'Source') },
  srcOther: { name: 'sll.src.other', ...put('bytes', 'Source') },
  unused: { name: 'sll.unused', ...put('bytes', 'Unused') },
  etype: { name: 'sll.etype', ...put('u16', 'Protocol', { base: 'hex' }) },
  ltype: { name: 'sll.ltype', ...put('u16', 'Protocol', { base: 'hex' }) },
  gretype: { name: 'sll.gretype', ...put('u16', 'Protocol', { base: 'hex' }) },
  ifindex: { name: 'sll.ifindex', ...put('u32', 'Interface index') },
  trailer: { name: 'sll.trailer', ...put('bytes', 'Trailer') },
});
const F = sllFields;

function putAddress(p: PacketView, at: number, len: number): void {
  if (len === 6) p.put(F.srcEth, at, 6);
  else if (len === 4) p.put(F.srcIpv4, at, 4);
  else if (len > 0) p.put(F.srcOther, at, Math.min(len, 8));
  if (len < 8) p.put(F.unused, at + len, 8 - len);
}

/** Linux "cooked" captures of both versions; Wireshark names them alike. */
export const sll = defineDissector({
  name: 'sll',
  title: 'Linux cooked capture',
  spec: ['LINKTYPE_LINUX_SLL', 'LINKTYPE_LINUX_SLL2'],
  over: { link: [113, 276] },
  tables: ['sll.ltype'],
  fields: sllFields,
  dissect(p, at, end) {
    const second = p.linkType === 276;
    const headerLen = second ? V2_LEN : V1_LEN;
    if (end - at < headerLen) return p.tooShort(headerLen);
    const b = p.bytes;
    const protocolAt = second ? at : at + 14;
    const protocol = u16be(b, protocolAt);
    if (second) {
      p.put(F.ifindex, at + 4, 4);
      p.put(F.haType, at + 8, 2);
      p.put(F.pktType, at + 10, 1);
      p.put(F.haLen, at + 11, 1);
      putAddress(p, at + 12, b[at + 11]);
    } else {
      p.put(F.pktType, at, 2);
      p.put(F.haType, at + 2, 2);
      p.put(F.haLen, at + 4, 2);
      putAddress(p, at + 6, u16be(b, at + 4));
    }
    p.payload(at + headerLen, p.wireEnd);
    const hardware = second ? u16be(b, at + 8) : u16be(b, at + 2);
    if (hardware === 778) {
      p.put(F.gretype, protocolAt, 2);
      return p.next('gre.proto', protocol);
    }
    if (protocol < 0x600) {
      p.put(F.ltype, protocolAt, 2);
      return protocol === 4 ? p.id('llc') : p.next('sll.ltype', protocol);
    }
    p.put(F.etype, protocolAt, 2);
    return p.next('ethertype', protocol);
  },
});
export default sll;
