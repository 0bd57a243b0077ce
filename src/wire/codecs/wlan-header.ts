import { u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { putBits } from '../bit-fields.ts';
import { macText } from '../field-text.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { HT_CONTROL, wlanFields as F } from './wlan-fields.ts';

// The parts of an 802.11 head: addresses, control frames, QoS and High Throughput control, security headers.

const ADDRESS_LEN = 6;
const FROM_DS = 0x02;
const CTL_WRAPPER = 0x17;
const BLOCK_ACK_REQUEST = 0x18;
const BLOCK_ACK = 0x19;
const PS_POLL = 0x1a;
const CTS = 0x1c;
const ACK = 0x1d;
const CF_END = 0x1e;
const EXT_IV = 0x20;

/** Puts one address and its text. */
export function putAddress(p: PacketView, field: Field, resolved: Field, at: number): void {
  p.put(field, at, ADDRESS_LEN);
  if (p.wants(resolved)) p.putText(resolved, at, ADDRESS_LEN, macText(p.bytes, at));
}

/** Puts a place of the head as any address. */
function putAny(p: PacketView, at: number): void {
  putAddress(p, F.addr, F.addrResolved, at);
}

/** Addresses of management and data frames (§9.3.2.1.2, table 9-30), which the caller has found to be there. */
export function putAddresses(p: PacketView, at: number, ds: number, isData: boolean): void {
  const first = at + 4;
  const second = at + 10;
  const third = at + 16;
  putAny(p, first);
  putAny(p, second);
  if (isData && ds === 3) putAny(p, at + 24);
  putAny(p, third);
  putAddress(p, F.ra, F.raResolved, first);
  if (ds === 0) {
    putAddress(p, F.da, F.daResolved, first);
    putAddress(p, F.ta, F.taResolved, second);
    putAddress(p, F.sa, F.saResolved, second);
    putAddress(p, F.bssid, F.bssidResolved, third);
    return;
  }
  putAddress(p, F.ta, F.taResolved, second);
  if (!isData || ds === 3) {
    putAddress(p, F.da, F.daResolved, third);
    putAddress(p, F.sa, F.saResolved, isData ? at + 24 : second);
    return;
  }
  const isFrom = ds === FROM_DS;
  putAddress(p, F.da, F.daResolved, isFrom ? first : third);
  putAddress(p, F.sa, F.saResolved, isFrom ? third : second);
  putAddress(p, F.bssid, F.bssidResolved, isFrom ? second : first);
  putAddress(p, F.staa, F.staaResolved, isFrom ? first : second);
}

/** Control frames (§9.3.1). */
export function readControl(p: PacketView, at: number, end: number, subtype: number): number {
  const b = p.bytes;
  if (end - at < 4 + ADDRESS_LEN) return p.tooShort(4 + ADDRESS_LEN);
  p.put(subtype === PS_POLL ? F.aid : F.duration, at + 2, 2);
  if (subtype === CTL_WRAPPER) {
    if (end - at < 16) return p.tooShort(16);
    putAny(p, at + 4);
    putAddress(p, F.ra, F.raResolved, at + 4);
    readHtControl(p, at + 12);
    return DONE;
  }
  putAny(p, at + 4);
  putAddress(p, F.ra, F.raResolved, at + 4);
  if (subtype === CTS || subtype === ACK) return DONE;
  if (end - at < 16) return p.tooShort(16);
  putAny(p, at + 10);
  if (subtype === PS_POLL || subtype === CF_END) putAddress(p, F.bssid, F.bssidResolved, subtype === PS_POLL ? at + 4 : at + 10);
  if (subtype !== CF_END) putAddress(p, F.ta, F.taResolved, at + 10);
  if (subtype !== BLOCK_ACK_REQUEST && subtype !== BLOCK_ACK) return DONE;
  if (end - at < 20) return p.tooShort(20);
  const from = at + 16;
  p.put(F.baControl, from, 2);
  p.put(F.baPolicy, from, 2);
  p.put(F.baType, from, 2);
  p.put(F.baReserved, from, 2);
  p.put(F.baTid, from, 2);
  p.put(F.ssc, from + 2, 2);
  p.put(F.sscFragment, from + 2, 2);
  p.put(F.sscSequence, from + 2, 2);
  if (subtype !== BLOCK_ACK) return DONE;
  // Variant 0 has two bytes a frame of each of 64 sequence numbers, the compressed one has a bit.
  const size = ((u16le(b, from) >> 1) & 15) === 0 ? 128 : 8;
  if (from + 4 + size > end) return p.tooShort(from + 4 + size - at);
  p.put(F.baBitmap, from + 4, size);
  return DONE;
}

/** QoS Control (§9.2.4.5), whose upper byte has a meaning by sender and subtype. True where the frame carries an A-MSDU. */
export function readQos(p: PacketView, at: number, flags: number, subtype: number): boolean {
  const control = u16le(p.bytes, at);
  const isFromAp = (flags & FROM_DS) !== 0;
  p.put(F.qos, at, 2);
  p.put(F.tid, at, 2);
  p.put(F.priority, at, 2);
  p.put(isFromAp ? F.endOfService : F.bit4, at, 2);
  p.put(F.ackPolicy, at, 2);
  // Frames without data carry no MSDUs.
  const hasData = (subtype & 4) === 0;
  if (hasData) p.put(F.aggregate, at, 2);
  if (!isFromAp) p.put((control & 0x10) !== 0 ? F.queueSize : F.txopRequested, at, 2);
  else if ((subtype & 2) !== 0) p.put(F.txopLimit, at, 2);
  else {
    p.put(F.bufferState, at, 2);
    p.put(F.bufferIndicated, at, 2);
    if ((control & 0x0200) !== 0) {
      p.put(F.bufferedAc, at, 2);
      p.put(F.bufferLoad, at, 2);
    }
  }
  return hasData && (control & 0x80) !== 0;
}

/** HT Control (§9.2.4.6): the two lowest bits say whose it is. */
export function readHtControl(p: PacketView, at: number): void {
  const word = u32le(p.bytes, at);
  p.put(F.htc, at, 4);
  p.put(F.htcVht, at, 4);
  if ((word & 1) === 0) {
    putBits(p, HT_CONTROL, at, 4);
    return;
  }
  p.put(F.htcHe, at, 4);
  if ((word & 2) === 0) return;
  p.put(F.heControlId, at, 4);
  if (((word >>> 2) & 15) > 10) p.expert('error', 'protocol', 'wlan.htc.he.a_control.ctrl_id.invalid', at, 4);
}

/** The security header of a protected frame (§12.5): its length, 0 where too little is there. */
export function readSecurity(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) return 0;
  if ((b[at + 3] & EXT_IV) === 0) {
    p.put(F.wepIv, at, 3);
    p.put(F.wepKey, at + 3, 1);
    return 4;
  }
  if (end - at < 8) return 0;
  // TKIP's second byte is made of its first one.
  const isTkip = b[at + 1] === ((b[at] | 0x20) & 0x7f);
  const field = isTkip ? F.tkipIv : F.ccmpIv;
  if (p.wants(field)) p.putText(field, at, 8, packetNumber(b, at, isTkip));
  p.put(F.wepKey, at + 3, 1);
  return 8;
}

function packetNumber(b: Uint8Array, at: number, isTkip: boolean): string {
  const low = isTkip ? (b[at] << 8) | b[at + 2] : (b[at + 1] << 8) | b[at];
  const high = u32le(b, at + 4);
  return `0x${high.toString(16).toUpperCase().padStart(8, '0')}${low.toString(16).toUpperCase().padStart(4, '0')}`;
}
