import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put, type InfoRow } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const REQUEST = 1;
const REPLY = 2;
const HARDWARE_ETHERNET = 1;
const PROTOCOL_IPV4 = 0x0800;

const OPCODES = { 1: 'request', 2: 'reply', 3: 'reverse request', 4: 'reverse reply', 8: 'InARP request', 9: 'InARP reply', 10: 'ARP-NAK' } as const;

export const arpFields = defineFields({
  hwType: { name: 'arp.hw.type', ...fixed('u16', 0, 'Hardware type', { values: { 1: 'Ethernet', 6: 'IEEE 802' } }) },
  protoType: { name: 'arp.proto.type', ...fixed('u16', 2, 'Protocol type', { base: 'hex', values: { 0x0800: 'IPv4' } }) },
  hwSize: { name: 'arp.hw.size', ...fixed('u8', 4, 'Hardware size') },
  protoSize: { name: 'arp.proto.size', ...fixed('u8', 5, 'Protocol size') },
  opcode: { name: 'arp.opcode', ...fixed('u16', 6, 'Opcode', { values: OPCODES }) },
  gratuitous: { name: 'arp.isgratuitous', ...put('boolean', 'Is gratuitous') },
  probe: { name: 'arp.isprobe', ...put('boolean', 'Is probe') },
  announcement: { name: 'arp.isannouncement', ...put('boolean', 'Is announcement') },
  srcMac: { name: 'arp.src.hw_mac', ...put('ether', 'Sender MAC address') },
  srcHw: { name: 'arp.src.hw', ...put('bytes', 'Sender hardware address') },
  srcIp: { name: 'arp.src.proto_ipv4', ...put('ipv4', 'Sender IP address') },
  srcProto: { name: 'arp.src.proto', ...put('bytes', 'Sender protocol address') },
  dstMac: { name: 'arp.dst.hw_mac', ...put('ether', 'Target MAC address') },
  dstHw: { name: 'arp.dst.hw', ...put('bytes', 'Target hardware address') },
  dstIp: { name: 'arp.dst.proto_ipv4', ...put('ipv4', 'Target IP address') },
  dstProto: { name: 'arp.dst.proto', ...put('bytes', 'Target protocol address') },
  duplicate: { name: 'arp.duplicate-address-detected', ...put('none', 'Duplicate IP address configured') },
  duplicateFrame: { name: 'arp.duplicate-address-frame', ...put('framenum', 'Frame showing earlier use of IP address') },
  sinceDuplicate: { name: 'arp.seconds-since-duplicate-address-frame', ...put('u32', 'Seconds since earlier frame seen') },
  storm: { name: 'arp.packet-storm-detected', ...put('none', 'ARP packet storm detected') },
});
const F = arpFields;

/** Kind of a pending entry: who was seen with an address. */
const SEEN = 0x617270;

/** RFC 5227 §1.1: one address that two cards claim. */
function checkDuplicate(p: PacketView, macAt: number, ipAt: number): void {
  const b = p.bytes;
  const ip = u32be(b, ipAt);
  if (ip === 0) return;
  const mac = u16be(b, macAt) * 0x100000000 + u32be(b, macAt + 2);
  const pending = p.trackers.pending;
  const seen = pending.find(SEEN, -1, ip);
  if (seen >= 0 && pending.extra[seen] !== mac) {
    p.expert('warn', 'sequence', 'arp.duplicate-address-detected', macAt, 0);
    p.putInt(F.duplicateFrame, macAt, 0, pending.frame[seen]);
    p.putInt(F.sinceDuplicate, macAt, 0, p.seconds - pending.seconds[seen]);
    return;
  }
  if (seen >= 0) {
    pending.frame[seen] = p.frame;
    pending.seconds[seen] = p.seconds;
    return;
  }
  pending.extra[pending.ask(SEEN, -1, ip, p.frame, p.seconds, p.nanoseconds)] = mac;
}

function arpInfo(row: InfoRow): string {
  const [from, to] = [row.text(F.srcIp), row.text(F.dstIp)];
  if (row.num(F.opcode) === REPLY) return `${from} is at ${row.text(F.srcMac)}`;
  if (row.has(F.announcement)) return `${from} announces itself at ${row.text(F.srcMac)}`;
  if (row.has(F.probe)) return `Does anybody have ${to}? (probe)`;
  return row.num(F.opcode) === REQUEST ? `Who has ${to}? Tell ${from}` : `ARP operation ${row.num(F.opcode)}`;
}

export const arp = defineDissector({
  name: 'arp',
  title: 'Address Resolution Protocol',
  spec: ['RFC 826', 'RFC 5227'],
  over: { ethertype: [0x0806, 0x8035], 'gre.proto': [0x0806] },
  fields: arpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const hwSize = b[at + 4];
    const protoSize = b[at + 5];
    const length = HEADER_LEN + 2 * hwSize + 2 * protoSize;
    if (end - at < length) return p.tooShort(length);
    if (!p.detail) return DONE;
    const isEthernet = u16be(b, at) === HARDWARE_ETHERNET && hwSize === 6;
    const isIpv4 = u16be(b, at + 2) === PROTOCOL_IPV4 && protoSize === 4;
    const srcHw = at + HEADER_LEN;
    const srcIp = srcHw + hwSize;
    const dstHw = srcIp + protoSize;
    const dstIp = dstHw + hwSize;
    const opcode = u16be(b, at + 6);
    if (hwSize > 0) p.put(isEthernet ? F.srcMac : F.srcHw, srcHw, hwSize);
    if (protoSize > 0) p.put(isIpv4 ? F.srcIp : F.srcProto, srcIp, protoSize);
    if (hwSize > 0) p.put(isEthernet ? F.dstMac : F.dstHw, dstHw, hwSize);
    if (protoSize > 0) p.put(isIpv4 ? F.dstIp : F.dstProto, dstIp, protoSize);
    if (!isIpv4) return DONE;
    const sender = u32be(b, srcIp);
    const target = u32be(b, dstIp);
    const gratuitous = sender === target && sender !== 0 && (opcode === REQUEST || opcode === REPLY);
    if (gratuitous) p.putInt(F.gratuitous, at, 0, 1);
    if (opcode === REQUEST && sender === 0) p.putInt(F.probe, at, 0, 1);
    if (gratuitous && opcode === REQUEST) p.putInt(F.announcement, at, 0, 1);
    if (isEthernet && (opcode === REQUEST || opcode === REPLY)) checkDuplicate(p, srcHw, srcIp);
    return DONE;
  },
  info: arpInfo,
});
export default arp;
