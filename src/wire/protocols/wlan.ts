import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 24;
const ADDRESS_LEN = 6;
const DATA = 2;
const NO_DATA = 0x4;
const QOS = 0x8;
const TO_DS = 0x01;
const FROM_DS = 0x02;
const RETRY = 0x08;
const PROTECTED = 0x40;
const ORDER = 0x80;

export const wlanFields = defineFields({
  version: { name: 'wlan.fc.version', ...fixed('u8', 0, 'Version', { mask: 0x03 }) },
  type: { name: 'wlan.fc.type', ...fixed('u8', 0, 'Type', { mask: 0x0c, values: { 0: 'Management frame', 1: 'Control frame', 2: 'Data frame', 3: 'Extension frame' } }) },
  subtype: { name: 'wlan.fc.subtype', ...fixed('u8', 0, 'Subtype', { mask: 0xf0 }) },
  typeSubtype: { name: 'wlan.fc.type_subtype', ...put('u16', 'Type/Subtype', { base: 'hex' }) },
  retry: { name: 'wlan.fc.retry', ...fixed('boolean', 1, 'Retry', { mask: RETRY }) },
  protected: { name: 'wlan.fc.protected', ...fixed('boolean', 1, 'Protected flag', { mask: PROTECTED }) },
  ra: { name: 'wlan.ra', ...put('ether', 'Receiver address', { also: ['wlan.addr'] }) },
  ta: { name: 'wlan.ta', ...put('ether', 'Transmitter address', { also: ['wlan.addr'] }) },
  da: { name: 'wlan.da', ...put('ether', 'Destination address', { also: ['wlan.addr'] }) },
  sa: { name: 'wlan.sa', ...put('ether', 'Source address', { also: ['wlan.addr'] }) },
});
const F = wlanFields;

/** 802.11 frames: addresses, and what unprotected data frames carry. */
export const wlan = defineDissector({
  name: 'wlan',
  title: 'IEEE 802.11 wireless LAN',
  short: 'IEEE 802.11',
  column: '802.11',
  spec: ['IEEE 802.11 §9.2'],
  over: { link: [105] },
  fields: wlanFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    const type = (b[at] >> 2) & 3;
    const subtype = b[at] >> 4;
    const flags = b[at + 1];
    p.putInt(F.typeSubtype, at, 0, (type << 4) | subtype);
    if (end - at >= 4 + ADDRESS_LEN) p.put(F.ra, at + 4, ADDRESS_LEN);
    if (type === 1) return DONE;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const ds = flags & (TO_DS | FROM_DS);
    p.put(F.ta, at + 10, ADDRESS_LEN);
    p.put(F.da, at + ((ds & TO_DS) !== 0 ? 16 : 4), ADDRESS_LEN);
    let from = at + HEADER_LEN;
    if (ds === (TO_DS | FROM_DS)) {
      if (end - from < ADDRESS_LEN) return p.tooShort(from - at + ADDRESS_LEN);
      p.put(F.sa, from, ADDRESS_LEN);
      from += ADDRESS_LEN;
    } else p.put(F.sa, at + (ds === FROM_DS ? 16 : 10), ADDRESS_LEN);
    if (type !== DATA || (subtype & NO_DATA) !== 0) return DONE;
    if ((subtype & QOS) !== 0) {
      from += 2;
      if ((flags & ORDER) !== 0) from += 4;
    }
    if ((flags & PROTECTED) !== 0 || from >= end) return DONE;
    // Some drivers align the payload by padding the head to four bytes: then the LLC head stands two bytes later.
    if (end - from >= 4 && u16be(b, from) !== 0xaaaa && u16be(b, from + 2) === 0xaaaa) from += 2;
    p.payload(from, p.wireEnd);
    return p.id('llc');
  },
});
export default wlan;
