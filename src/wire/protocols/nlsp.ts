import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 8;
const LAN_HELLO_LEN = 27;

export const nlspFields = defineFields({
  discriminator: { name: 'nlsp.irpd', ...fixed('u8', 0, 'NetWare Link Services Protocol Discriminator', { base: 'hex' }) },
  headerLength: { name: 'nlsp.header_length', ...fixed('u8', 1, 'PDU Header Length') },
  minor: { name: 'nlsp.minor_version', ...fixed('u8', 2, 'Minor Version') },
  type: { name: 'nlsp.type', ...fixed('u8', 4, 'Packet Type', { mask: 0x1f, values: { 15: 'L1 Hello', 17: 'WAN Hello', 18: 'L1 LSP', 24: 'L1 CSNP', 26: 'L1 PSNP' } }) },
  major: { name: 'nlsp.major_version', ...fixed('u8', 5, 'Major Version') },
  circuitType: { name: 'nlsp.hello.circuit_type', ...put('u8', 'Circuit Type', { mask: 0x03 }) },
  sender: { name: 'nlsp.hello.sending_router_system_id', ...put('ether', 'Sending Router System ID') },
  holding: { name: 'nlsp.hello.holding_timer', ...put('u16', 'Holding Timer') },
  length: { name: 'nlsp.packet_length', ...put('u16', 'Packet Length') },
  priority: { name: 'nlsp.hello.priority', ...put('u8', 'Priority', { mask: 0x7f }) },
  designated: { name: 'nlsp.hello.designated_router_system_id', ...put('ether', 'Designated Router System ID') },
  pseudonode: { name: 'nlsp.hello.designated_router_pseudonode_id', ...put('u8', 'Designated Router Pseudonode ID') },
});
const F = nlspFields;

/** Novell's link-state routing, made after IS-IS. */
export const nlsp = defineDissector({
  name: 'nlsp',
  title: 'NetWare Link Services Protocol',
  hierarchy: 'heading',
  spec: ['Novell NLSP Specification §6'],
  over: { 'ipx.socket': [0x9001] },
  fields: nlspFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    if ((p.bytes[at + 4] & 0x1f) !== 15) return DONE;
    if (end - at < LAN_HELLO_LEN) return p.tooShort(LAN_HELLO_LEN);
    if (u16be(p.bytes, at + 17) > p.wireEnd - at) return p.tooShort(u16be(p.bytes, at + 17));
    p.put(F.circuitType, at + 8, 1);
    p.put(F.sender, at + 9, 6);
    p.put(F.holding, at + 15, 2);
    p.put(F.length, at + 17, 2);
    p.put(F.priority, at + 19, 1);
    p.put(F.designated, at + 20, 6);
    p.put(F.pseudonode, at + 26, 1);
    return DONE;
  },
  info: (row) => `Type ${row.text(F.type)}`,
});
export default nlsp;
