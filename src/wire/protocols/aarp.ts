import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE, UNSEEN } from '../packet-view.ts';

const HEAD_LEN = 8;

export const aarpFields = defineFields({
  hardwareType: { name: 'aarp.hard.type', ...fixed('u16', 0, 'Hardware type', { base: 'hex' }) },
  protocolType: { name: 'aarp.proto.type', ...fixed('u16', 2, 'Protocol type', { base: 'hex' }) },
  hardwareSize: { name: 'aarp.hard.size', ...fixed('u8', 4, 'Hardware size') },
  protocolSize: { name: 'aarp.proto.size', ...fixed('u8', 5, 'Protocol size') },
  opcode: { name: 'aarp.opcode', ...fixed('u16', 6, 'Opcode', { values: { 1: 'request', 2: 'reply', 3: 'probe' } }) },
  senderMac: { name: 'aarp.src.hw_mac', ...put('ether', 'Sender MAC address') },
  senderHardware: { name: 'aarp.src.hw', ...put('bytes', 'Sender hardware address') },
  sender: { name: 'aarp.src.proto_id', ...put('bytes', 'Sender ID') },
  targetMac: { name: 'aarp.dst.hw_mac', ...put('ether', 'Target MAC address') },
  targetHardware: { name: 'aarp.dst.hw', ...put('bytes', 'Target hardware address') },
  target: { name: 'aarp.dst.proto_id', ...put('bytes', 'Target ID') },
});
const F = aarpFields;

/** AppleTalk's address resolution, made after ARP. */
export const aarp = defineDissector({
  name: 'aarp',
  title: 'Appletalk Address Resolution Protocol',
  spec: ['Inside AppleTalk §2'],
  over: { ethertype: [0x80f3] },
  fields: aarpFields,
  leastHead: 1,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const hardware = p.bytes[at + 4];
    const protocol = p.bytes[at + 5];
    const needed = HEAD_LEN + 2 * (hardware + protocol);
    if (end - at < needed) return end < p.wireEnd ? UNSEEN : p.tooShort(needed);
    let from = at + HEAD_LEN;
    p.put(hardware === 6 ? F.senderMac : F.senderHardware, from, hardware);
    from += hardware;
    p.put(F.sender, from, protocol);
    from += protocol;
    p.put(hardware === 6 ? F.targetMac : F.targetHardware, from, hardware);
    p.put(F.target, from + hardware, protocol);
    return DONE;
  },
  info: (row) => `Opcode ${row.text(F.opcode)}`,
});
export default aarp;
