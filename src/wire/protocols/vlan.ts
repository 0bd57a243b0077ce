import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { etherPayloadEnd } from '../ether-payload.ts';

const HEADER_LEN = 4;
const FIRST_TYPE = 0x600;
const OWN_TYPE = 0x8100;
/** Shortest Ethernet frame without its check sequence. */
const SHORTEST = 60;

export const vlanFields = defineFields({
  priority: { name: 'vlan.priority', ...fixed('u16', 0, 'Priority', { mask: 0xe000 }) },
  dei: { name: 'vlan.dei', ...fixed('boolean', 0, 'DEI', { size: 2, mask: 0x1000 }) },
  id: { name: 'vlan.id', ...fixed('u16', 0, 'ID', { mask: 0x0fff }) },
  etype: { name: 'vlan.etype', ...put('u16', 'Type', { base: 'hex' }) },
  len: { name: 'vlan.len', ...put('u16', 'Length') },
  padding: { name: 'vlan.padding', ...put('bytes', 'Padding') },
  trailer: { name: 'vlan.trailer', ...put('bytes', 'Trailer') },
});
const F = vlanFields;

export const vlan = defineDissector({
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  spec: ['IEEE 802.1Q'],
  over: { ethertype: [0x8100, 0x9100] },
  fields: vlanFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (p.vlanCount < p.vlans.length) p.vlans[p.vlanCount++] = u16be(b, at) & 0x0fff;
    const type = u16be(b, at + 2);
    const payload = at + HEADER_LEN;
    if (type < FIRST_TYPE) {
      p.put(F.len, at + 2, 2);
      p.payload(payload, payload + type);
      return p.id('llc');
    }
    p.put(F.etype, at + 2, 2);
    const last = etherPayloadEnd(b, type, payload, p.end, p.wireEnd);
    // Padding up to the shortest frame is Ethernet's.
    const from = Math.max(last, p.ethAt >= 0 ? p.ethAt + SHORTEST : 0);
    if (last > 0 && from < p.end && p.detail && type !== OWN_TYPE) p.put(F.trailer, from, p.end - from);
    p.payload(payload, p.wireEnd);
    return p.next('ethertype', type);
  },
});
export default vlan;
