import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

// Destination 5, type and user 1, source 6, length 2, SNAP 3, upper bytes of the source 3, VLAN and BPDU 2, index 2, reserved 2; then
// the frame and another check sequence.
const HEADER_LEN = 26;
const CRC_LEN = 4;
const TYPE_ETHERNET = 0;

export const islFields = defineFields({
  type: { name: 'isl.type', ...fixed('u8', 5, 'Type', { mask: 0xf0, values: { 0: 'Ethernet', 1: 'Token-Ring', 2: 'FDDI', 3: 'ATM' } }) },
  user: { name: 'isl.user', ...fixed('u8', 5, 'User', { base: 'hex', mask: 0x0f }) },
  source: { name: 'isl.src', ...fixed('ether', 6, 'Source', { also: ['isl.addr'] }) },
  length: { name: 'isl.len', ...fixed('u16', 12, 'Length') },
  dsap: { name: 'isl.dsap', ...fixed('u8', 14, 'DSAP', { base: 'hex' }) },
  ssap: { name: 'isl.ssap', ...fixed('u8', 15, 'SSAP', { base: 'hex' }) },
  control: { name: 'isl.control', ...fixed('u8', 16, 'Control', { base: 'hex' }) },
  hsa: { name: 'isl.hsa', ...fixed('u24', 17, 'HSA', { base: 'hex' }) },
  vlan: { name: 'isl.vlan_id', ...fixed('u16', 20, 'VLAN ID', { mask: 0xfffe }) },
  bpdu: { name: 'isl.bpdu', ...fixed('boolean', 20, 'BPDU/CDP/VTP', { size: 2, mask: 0x0001 }) },
  index: { name: 'isl.index', ...fixed('u16', 22, 'Index') },
  crc: { name: 'isl.crc', ...put('u32', 'CRC', { base: 'hex' }) },
});

/** Cisco's own tag for VLANs: the whole frame in another one, to a destination that gives it away. */
export const isl = defineDissector({
  name: 'isl',
  title: 'Cisco ISL',
  hierarchy: 'heading',
  spec: ['Cisco, Inter-Switch Link'],
  over: {},
  column: 'ISL',
  fields: islFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const last = p.wireEnd - CRC_LEN;
    if (p.wireEnd <= end && last > at + HEADER_LEN) p.put(islFields.crc, last, CRC_LEN);
    p.payload(at + HEADER_LEN, Math.max(at + HEADER_LEN, last));
    return p.bytes[at + 5] >> 4 === TYPE_ETHERNET ? p.id('eth') : 0;
  },
  info: (row) => `VLAN ${row.text(islFields.vlan)}`,
});
export default isl;
