import { u16be } from '../../base/bytes.ts';
import { radioState } from '../codecs/radio-state.ts';
import { FRAME_NAMES, WLAN_FIELDS, wlanFields as F } from '../codecs/wlan-fields.ts';
import { putAddresses, readControl, readHtControl, readQos, readSecurity } from '../codecs/wlan-header.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Frame Control 2, Duration 2, addresses 3 x 6, Sequence Control 2; then, where the frame has them: fourth address 6, QoS Control 2,
// HT Control 4, security header 4 or 8.
const HEADER_LEN = 24;
const ADDRESS_LEN = 6;
const FCS_LEN = 4;
const MANAGEMENT = 0;
const CONTROL = 1;
const DATA = 2;
const NO_DATA = 0x4;
const QOS = 0x8;
const FRAGMENTS = 0x04;
const RETRY = 0x08;
const PROTECTED = 0x40;
const ORDER = 0x80;
const ICV_LEN = 4;
const SECURITY_LEN = 8;

/** 802.11 frames: who, to whom, and what unprotected data frames carry. */
export const wlan = defineDissector({
  name: 'wlan',
  title: 'IEEE 802.11 wireless LAN',
  short: 'IEEE 802.11',
  column: '802.11',
  spec: ['IEEE 802.11-2020 §9.2', 'IEEE 802.11-2020 §9.3'],
  over: { link: [105] },
  fields: WLAN_FIELDS,
  leastHead: 2,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    const type = (b[at] >> 2) & 3;
    const subtype = b[at] >> 4;
    const flags = b[at + 1];
    p.putInt(F.typeSubtype, at, 0, (type << 4) | subtype);
    const last = checkSequence(p, at, end);
    if (type === CONTROL) return readControl(p, at, end, 0x10 | subtype);
    if (type !== MANAGEMENT && type !== DATA) return DONE;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const ds = flags & 3;
    let from = at + HEADER_LEN;
    if (type === DATA && ds === 3) {
      from += ADDRESS_LEN;
      if (end < from) return p.tooShort(from - at);
    }
    p.put(F.duration, at + 2, 2);
    putAddresses(p, at, ds, type === DATA);
    p.put(F.fragment, at + 22, 2);
    p.put(F.sequence, at + 22, 2);
    if ((flags & RETRY) !== 0) p.expert('note', 'sequence', 'wlan.fc.retry.expert', at + 1, 1);
    if (type === MANAGEMENT) {
      if ((flags & ORDER) !== 0) {
        if (end - from < 4) return p.tooShort(from + 4 - at);
        readHtControl(p, from);
        from += 4;
      }
      if ((flags & PROTECTED) !== 0) return secured(p, at, from, Math.min(end, last), last);
      p.payload(from, last);
      radioState(p).subtype = subtype;
      return p.id('wlan.mgt');
    }
    let isAggregate = false;
    if ((subtype & QOS) !== 0) {
      if (end - from < 2) return p.tooShort(from + 2 - at);
      isAggregate = readQos(p, from, flags, subtype);
      from += 2;
      if ((flags & ORDER) !== 0) {
        if (end - from < 4) return p.tooShort(from + 4 - at);
        readHtControl(p, from);
        from += 4;
      }
    }
    const radio = radioState(p);
    if (radio.frame === p.frame && radio.dataPad) from = at + ((from - at + 3) & ~3);
    if ((subtype & NO_DATA) !== 0 || from >= last) return DONE;
    if ((flags & PROTECTED) !== 0) return secured(p, at, from, Math.min(end, last), last);
    p.payload(from, last);
    if ((flags & FRAGMENTS) !== 0 || (b[at + 22] & 15) !== 0) return DONE;
    if (isAggregate) return p.id('wlan_aggregate');
    // Some drivers align the payload by padding the head to four bytes: then the LLC head stands two bytes later.
    if (end - from >= 4 && u16be(b, from) !== 0xaaaa && u16be(b, from + 2) === 0xaaaa) p.payload(from + 2, last);
    // IPX may stand without LLC; a checksum of ones gives it away.
    if (end - from >= 2 && u16be(b, from) === 0xffff) return p.id('ipx');
    return p.id('llc');
  },
  ends: (row) => {
    const receiver = row.has(F.ra) ? `${row.text(F.ra)} (RA)` : '';
    if (row.has(F.sa)) return [row.text(F.sa), row.text(F.da)];
    if (row.has(F.ta)) return [`${row.text(F.ta)} (TA)`, receiver];
    return [row.has(F.bssid) ? `${row.text(F.bssid)} (BSSID)` : '', receiver];
  },
  info: (row) => FRAME_NAMES[row.num(F.typeSubtype)] ?? 'Unrecognized frame',
});
export default wlan;

/** Puts the check sequence where the capturing driver left it; where the frame ends without it. */
function checkSequence(p: PacketView, at: number, end: number): number {
  const radio = radioState(p);
  if (radio.frame !== p.frame || radio.fcsLen !== FCS_LEN || p.wireEnd - at < FCS_LEN) return p.wireEnd;
  const last = p.wireEnd - FCS_LEN;
  if (p.wireEnd <= end) {
    p.put(F.fcs, last, FCS_LEN);
    p.putInt(F.fcsStatus, last, 0, 2);
  }
  return last;
}

/** What is encrypted stays data; its checksum, where WEP has one, is told apart. */
function secured(p: PacketView, start: number, from: number, end: number, wireEnd: number): number {
  const head = readSecurity(p, from, end);
  if (head === 0) return p.tooShort(from + SECURITY_LEN - start);
  const isWep = head === 4;
  const last = isWep ? wireEnd - ICV_LEN : wireEnd;
  if (isWep && last >= from + head && wireEnd <= end) p.put(F.wepIcv, last, ICV_LEN);
  p.payload(from + head, Math.max(from + head, last));
  return DONE;
}
