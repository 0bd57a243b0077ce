import { defineFields, fixed, put } from '../define-dissector.ts';

/** Fields of the head that Juniper's routers write before captured frames. */
export const juniperFields = defineFields({
  magic: { name: 'juniper.magic-number', ...fixed('u24', 0, 'Magic Number', { base: 'hex' }) },
  direction: { name: 'juniper.direction', ...put('u8', 'Direction', { base: 'hex', mask: 0x01, values: { 0: 'Out', 1: 'In' } }) },
  noLinkHead: { name: 'juniper.l2hdr', ...put('u8', 'L2 header presence', { base: 'hex', mask: 0x02, values: { 0: 'Present', 1: 'Absent' } }) },
  extensions: { name: 'juniper.ext_total_len', ...put('u16', 'Extension(s) Total length') },
  atm1: { name: 'juniper.atm1.cookie', ...put('u32', 'Cookie', { base: 'hex' }) },
  atm2: { name: 'juniper.atm2.cookie', ...put('u64', 'Cookie', { base: 'hex' }) },
  missing: { name: 'juniper.magic-number.none', ...put('none', 'No Magic-Number found!') },
});
