import { u16be } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { gtpFields as F } from './gtp-fields.ts';

// Information elements (3GPP TS 29.060 §7.7): below 128 of a fixed size, above with a length of two bytes.
const CAUSE = 1;
const IMSI = 2;
const REORDERING = 8;
const RECOVERY = 14;
const SELECTION_MODE = 15;
const TEID_DATA = 16;
const TEID_CONTROL = 17;
const TEARDOWN = 19;
const NSAPI = 20;
const CHARGING = 26;
const END_USER_ADDRESS = 128;
const APN = 131;
const GSN_ADDRESS = 133;
const CHARGING_ID = 127;
const PRIVATE = 255;

/** Bytes of values by type; 0 = the type is not known. */
const SIZES: Readonly<Record<number, number>> = {
  [CAUSE]: 1, [IMSI]: 8, 3: 6, 4: 4, 5: 4, [REORDERING]: 1, 9: 28, 11: 1, 12: 3, 13: 1, [RECOVERY]: 1, [SELECTION_MODE]: 1, [TEID_DATA]: 4, [TEID_CONTROL]: 4,
  18: 5, [TEARDOWN]: 1, [NSAPI]: 1, 21: 1, 22: 1, 23: 1, 24: 1, 25: 2, [CHARGING]: 2, 27: 2, 28: 2, 29: 1, [CHARGING_ID]: 4,
};

/** Puts the elements of a control message. */
export function putGtpElements(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    const type = b[i];
    const long = type >= 128;
    const head = long ? 3 : 1;
    if (i + head > end) return;
    const size = long ? u16be(b, i + 1) : (SIZES[type] ?? 0);
    const value = i + head;
    if (value + size > end || (!long && size === 0)) return;
    putElement(p, type, i, value, value + size);
    i = value + size;
  }
}

function putElement(p: PacketView, type: number, at: number, value: number, end: number): void {
  const size = end - value;
  switch (type) {
    case CAUSE: p.put(F.cause, value, 1); return;
    case RECOVERY: p.put(F.recovery, value, 1); return;
    case SELECTION_MODE: p.put(F.selMode, value, 1); return;
    case TEID_DATA: p.put(F.teidData, value, 4); return;
    case TEID_CONTROL: p.put(F.teidCp, value, 4); return;
    case NSAPI: p.put(F.nsapi, value, 1); return;
    case CHARGING:
      p.put(F.chrgChar, value, 2);
      return;
    case CHARGING_ID: p.put(F.chrgId, value, 4); return;
    case END_USER_ADDRESS:
      if (size < 2) return;
      p.putInt(F.userAddrPdpOrg, value, 1, p.bytes[value] & 15);
      p.put(F.userAddrPdpType, value + 1, 1);
      if (size === 6) p.put(F.userIpv4, value + 2, 4);
      else if (size === 18) p.put(F.userIpv6, value + 2, 16);
      return;
    case APN:
      p.put(F.apnLength, at + 1, 2);
      if (p.wants(F.apn) && size > 0) p.putText(F.apn, value, size, labels(p, value, end));
      return;
    case GSN_ADDRESS:
      p.put(F.gsnAddressLength, at + 1, 2);
      if (size === 4) p.put(F.gsnIpv4, value, 4);
      else if (size === 16) p.put(F.gsnIpv6, value, 16);
      return;
    case PRIVATE:
      p.put(F.extLength, at + 1, 2);
      if (size < 2) return;
      p.put(F.extId, value, 2);
      if (size > 2) p.put(F.extVal, value + 2, size - 2);
      return;
    default:
  }
}

/** Labels behind their lengths, with dots between them. */
function labels(p: PacketView, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end; i += 1 + p.bytes[i]) text += `${text === '' ? '' : '.'}${p.host.utf8(p.bytes, i + 1, Math.min(end, i + 1 + p.bytes[i]))}`;
  return text;
}
