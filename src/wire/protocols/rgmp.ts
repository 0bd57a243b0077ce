import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const MESSAGE_LEN = 8;
const TYPES = { 0xff: 'Hello', 0xfe: 'Bye', 0xfd: 'Join a group', 0xfc: 'Leave a group' } as const;

export const rgmpFields = defineFields({ 
  type: { name: 'rgmp.type', ...fixed('u8', 0, 'Type', { base: 'hex', values: TYPES }) },
  reserved: { name: 'rgmp.reserved', ...fixed('u8', 1, 'Reserved', { base: 'hex' }) },
  checksum: { name: 'rgmp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  maddr: { name: 'rgmp.maddr', ...fixed('ipv4', 4, 'Multicast group address') },
  checksumStatus: { name: 'rgmp.checksum.status', ...put('u8', 'Checksum Status') },
});
const F = rgmpFields;

/** IGMP hands its types to this one. */
export const rgmp = defineDissector({
  name: 'rgmp',
  title: 'Router-port Group Management Protocol',
  spec: ['RFC 3488 §4'],
  over: { 'igmp.type': [0xfc, 0xfd, 0xfe, 0xff] },
  fields: rgmpFields,
  dissect(p, at, end) {
    if (end - at < MESSAGE_LEN) return p.tooShort(MESSAGE_LEN);
    putChecksum(p, F.checksumStatus, 'rgmp.bad_checksum', at + 2, at, p.wireEnd);
    return DONE;
  },
});
export default rgmp;
