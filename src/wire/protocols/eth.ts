import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

const TYPE = 12;
const HEADER_LEN = 14;
/** Smaller values are the length of an 802.3 frame (IEEE 802.3 §3.2.6). */
const FIRST_TYPE = 0x600;

const LG = { 0: 'Globally unique address (factory default)', 1: 'Locally administered address (this is NOT the factory default)' } as const;
const IG = { 0: 'Individual address (unicast)', 1: 'Group address (multicast/broadcast)' } as const;

export const ethFields = defineFields({
  dst: { name: 'eth.dst', ...fixed('ether', 0, 'Destination', { also: ['eth.addr'] }) },
  dstOui: { name: 'eth.dst.oui', ...fixed('u24', 0, 'Destination OUI', { also: ['eth.addr.oui'] }) },
  dstLg: { name: 'eth.dst.lg', ...fixed('boolean', 0, 'LG bit', { mask: 0x02, values: LG, also: ['eth.lg'] }) },
  dstIg: { name: 'eth.dst.ig', ...fixed('boolean', 0, 'IG bit', { mask: 0x01, values: IG, also: ['eth.ig'] }) },
  src: { name: 'eth.src', ...fixed('ether', 6, 'Source', { also: ['eth.addr'] }) },
  srcOui: { name: 'eth.src.oui', ...fixed('u24', 6, 'Source OUI', { also: ['eth.addr.oui'] }) },
  srcLg: { name: 'eth.src.lg', ...fixed('boolean', 6, 'LG bit', { mask: 0x02, values: LG, also: ['eth.lg'] }) },
  srcIg: { name: 'eth.src.ig', ...fixed('boolean', 6, 'IG bit', { mask: 0x01, values: IG, also: ['eth.ig'] }) },
  type: { name: 'eth.type', ...put('u16', 'Type', { base: 'hex' }) },
  len: { name: 'eth.len', ...put('u16', 'Length') },
});
const F = ethFields;

export const eth = defineDissector({
  name: 'eth',
  title: 'Ethernet',
  spec: ['IEEE 802.3'],
  over: { link: [1] },
  tables: ['ethertype'],
  fields: ethFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.ethAt = at;
    const type = u16be(p.bytes, at + TYPE);
    p.payload(at + HEADER_LEN, p.wireEnd);
    if (type < FIRST_TYPE) {
      p.put(F.len, at + TYPE, 2);
      return p.id('llc');
    }
    p.put(F.type, at + TYPE, 2);
    return p.next('ethertype', type);
  },
});
export default eth;
