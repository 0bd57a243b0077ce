import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 8;

export const vxlanFields = defineFields({
  flags: { name: 'vxlan.flags', ...fixed('u16', 0, 'Flags', { base: 'hex' }) },
  vniFlag: { name: 'vxlan.flag_i', ...fixed('boolean', 0, 'VXLAN Network ID (VNI)', { size: 2, mask: 0x0800 }) },
  group: { name: 'vxlan.gbp', ...fixed('u16', 2, 'Group Policy ID') },
  vni: { name: 'vxlan.vni', ...fixed('u24', 4, 'VXLAN Network Identifier (VNI)') },
});

export const vxlan = defineDissector({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  spec: ['RFC 7348 §5'],
  carries: true,
  over: { 'udp.port': [4789] },
  fields: vxlanFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, p.wireEnd);
    return p.id('eth');
  },
});
export default vxlan;
