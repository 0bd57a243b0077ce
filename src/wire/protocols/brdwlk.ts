import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

const HEADER_LEN = 2;
const TRAILER_LEN = 4;

export const brdwlkFields = defineFields({
  start: { name: 'brdwlk.sof', ...fixed('u8', 0, 'SOF', { base: 'hex', mask: 0xf0 }) },
  vsan: { name: 'brdwlk.vsan', ...fixed('u16', 0, 'VSAN', { mask: 0x0fff }) },
  count: { name: 'brdwlk.pktcnt', ...put('u16', 'Packet Count') },
  error: { name: 'brdwlk.error', ...put('u8', 'Error', { base: 'hex' }) },
  last: { name: 'brdwlk.eof', ...put('u8', 'EOF', { base: 'hex', mask: 0x0f }) },
  drop: { name: 'brdwlk.drop', ...put('boolean', 'Packet Dropped') },
});
const F = brdwlkFields;

/** Fibre Channel frames that a Cisco switch mirrors to Ethernet. */
export const brdwlk = defineDissector({
  name: 'brdwlk',
  title: 'Boardwalk',
  short: 'Boardwalk',
  spec: ['EtherType 0xabcd'],
  over: { ethertype: [0xabcd] },
  fields: brdwlkFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const last = p.wireEnd - TRAILER_LEN;
    if (p.wireEnd <= end && last >= at + HEADER_LEN && u16be(p.bytes, last) !== 0) {
      p.put(F.count, last, 2);
      p.put(F.error, last + 2, 1);
      p.put(F.last, last + 3, 1);
    }
    p.payload(at + HEADER_LEN, Math.max(at + HEADER_LEN, last));
    return p.id('fc');
  },
  info: (row) => `VSAN ${row.text(F.vsan)}`,
});
export default brdwlk;
