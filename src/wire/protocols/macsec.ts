import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const SHORT_LEN = 6;
const SCI_LEN = 8;
const ICV_LEN = 16;
const SCI = 0x20;
const ENCRYPTED_OR_CHANGED = 0x0c;

export const macsecFields = defineFields({
  tci: { name: 'macsec.TCI', ...fixed('u8', 0, 'TCI', { mask: 0xfc, base: 'hex' }) },
  an: { name: 'macsec.AN', ...fixed('u8', 0, 'AN', { mask: 0x03, base: 'hex' }) },
  shortLength: { name: 'macsec.SL', ...fixed('u8', 1, 'Short length') },
  packetNumber: { name: 'macsec.PN', ...fixed('u32', 2, 'Packet number') },
});

export const macsec = defineDissector({
  name: 'macsec',
  title: '802.1AE Security tag',
  spec: ['IEEE 802.1AE §9'],
  over: { ethertype: [0x88e5] },
  fields: macsecFields,
  dissect(p, at, end) {
    if (end - at < SHORT_LEN) return p.tooShort(SHORT_LEN);
    const b = p.bytes;
    let from = at + SHORT_LEN + ((b[at] & SCI) !== 0 ? SCI_LEN : 0);
    // What is only authenticated can be read; a short frame says how much of it is data.
    if ((b[at] & ENCRYPTED_OR_CHANGED) !== 0) return DONE;
    if (end - from < 2) return p.tooShort(from - at + 2);
    const short = b[at + 1] & 0x3f;
    const type = u16be(b, from);
    const last = short > 0 ? from + short : p.wireEnd - ICV_LEN;
    from += 2;
    p.payload(from, Math.max(from, last));
    return p.next('ethertype', type);
  },
});
export default macsec;
