import { u16le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { eui64Text } from '../codecs/eui64-text.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, MALFORMED } from '../packet-view.ts';

// Frame control 2, sequence number 1, then addresses as frame control says (IEEE 802.15.4-2006 §7.2): PAN 2 and address 2 or 8, of the
// destination, of the source; data, a command or a beacon; a check sequence of two bytes where the link type has one.
const BEACON = 0;
const DATA = 1;
const COMMAND = 3;
const SHORT = 2;
const LONG = 3;
const WITH_FCS = 195;
const FCS_LEN = 2;
const VERSION_2015 = 2;
const LITTLE = { little: true } as const;

export const wpanFields = defineFields({
  length: { name: 'wpan.frame_length', ...put('u8', 'Frame Length') },
  fcsGood: { name: 'wpan.fcs_ok', ...put('boolean', 'FCS Valid') },
  sequence: { name: 'wpan.seq_no', ...put('u8', 'Sequence Number') },
  destinationPan: { name: 'wpan.dst_pan', ...put('u16', 'Destination PAN', { base: 'hex', ...LITTLE }) },
  destination: { name: 'wpan.dst16', ...put('u16', 'Destination', { base: 'hex', also: ['wpan.addr16'], ...LITTLE }) },
  destinationLong: { name: 'wpan.dst64', ...put('string', 'Destination', { also: ['wpan.addr64'] }) },
  sourcePan: { name: 'wpan.src_pan', ...put('u16', 'Source PAN', { base: 'hex', ...LITTLE }) },
  source: { name: 'wpan.src16', ...put('u16', 'Source', { base: 'hex', also: ['wpan.addr16'], ...LITTLE }) },
  sourceLong: { name: 'wpan.src64', ...put('string', 'Extended Source', { also: ['wpan.addr64'] }) },
  fcs: { name: 'wpan.fcs', ...put('u16', 'FCS', { base: 'hex', ...LITTLE }) },
  command: { name: 'wpan.cmd', ...put('u8', 'Command Identifier', { base: 'hex', values: { 1: 'Association Request', 2: 'Association Response', 3: 'Disassociation Notification', 4: 'Data Request', 5: 'PAN ID Conflict', 6: 'Orphan Notification', 7: 'Beacon Request', 8: 'Coordinator Realignment' } }) },
  gtsCount: { name: 'wpan.gts.count', ...put('u8', 'GTS Descriptor Count') },
  gtsPermit: { name: 'wpan.gts.permit', ...put('boolean', 'GTS Permit') },
});
const F = wpanFields;

const CONTROL = defineBits('wpan', [
  ['.fcf', 0, 'Frame Control Field', 'u16', 'hex'],
  ['.frame_type', 0x7, 'Frame Type', 'u16', 'hex'],
  ['.security', 0x8, 'Security Enabled'],
  ['.pending', 0x10, 'Frame Pending'],
  ['.ack_request', 0x20, 'Acknowledge Request'],
  ['.pan_id_compression', 0x40, 'PAN ID Compression'],
  ['.fcf.reserved', 0x80, 'Reserved'],
  ['.seqno_suppression', 0x100, 'Sequence Number Suppression'],
  ['.ie_present', 0x200, 'Information Elements Present'],
  ['.dst_addr_mode', 0xc00, 'Destination Addressing Mode', 'u16', 'hex'],
  ['.version', 0x3000, 'Frame Version', 'u16'],
  ['.src_addr_mode', 0xc000, 'Source Addressing Mode', 'u16', 'hex'],
], LITTLE);
const SUPERFRAME = defineBits('wpan', [
  ['.beacon_order', 0xf, 'Beacon Interval', 'u16'],
  ['.superframe_order', 0xf0, 'Superframe Interval', 'u16'],
  ['.cap', 0xf00, 'Final CAP Slot', 'u16'],
  ['.battery_ext', 0x1000, 'Battery Extension'],
  ['.bcn_coord', 0x4000, 'PAN Coordinator'],
  ['.assoc_permit', 0x8000, 'Association Permit'],
], LITTLE);

/** Low-rate wireless frames: ZigBee and 6LoWPAN ride on them. */
export const wpan = defineDissector({
  name: 'wpan',
  title: 'IEEE 802.15.4 Low-Rate Wireless PAN',
  short: 'IEEE 802.15.4',
  spec: ['IEEE 802.15.4-2006 §7.2'],
  over: { link: [WITH_FCS, 230] },
  fields: { ...F, ...namedFields(CONTROL, SUPERFRAME) },
  dissect(p, at, end) {
    if (end - at < 3) return p.tooShort(3);
    const b = p.bytes;
    const control = u16le(b, at);
    p.putInt(F.length, at, 0, p.wireEnd - at);
    putBits(p, CONTROL, at, 2);
    let last = p.wireEnd;
    if (p.linkType === WITH_FCS && last - at >= 5) {
      last -= FCS_LEN;
      if (p.wireEnd <= end) p.put(F.fcs, last, FCS_LEN);
    } else p.putInt(F.fcsGood, at, 0, 1);
    let from = at + 2;
    const isNew = ((control >> 12) & 3) === VERSION_2015;
    if (!isNew || (control & 0x0100) === 0) p.put(F.sequence, from++, 1);
    const destination = (control >> 10) & 3;
    const source = control >> 14;
    const isOnePan = (control & 0x0040) !== 0;
    if (destination === 1 || source === 1) return MALFORMED;
    if (destination !== 0) {
      from = address(p, from, end, destination, F.destinationPan, F.destination, F.destinationLong, true);
      if (from < 0) return p.tooShort(end - at + 1);
    }
    if (source !== 0) {
      from = address(p, from, end, source, F.sourcePan, F.source, F.sourceLong, !isOnePan);
      if (from < 0) return p.tooShort(end - at + 1);
    }
    // Secured frames, and the information elements of the newer version, are not read.
    if ((control & 0x0008) !== 0 || (isNew && (control & 0x0200) !== 0)) {
      if (from < last) p.payload(from, last);
      return DONE;
    }
    const type = control & 7;
    if (type === COMMAND && from < end) {
      p.put(F.command, from, 1);
      return DONE;
    }
    if (type === BEACON) return beacon(p, at, from, end, last);
    if (type !== DATA || from >= last) return DONE;
    p.payload(from, last);
    return isZigBee(b, from, end) ? p.id('zbee_nwk') : 0;
  },
  ends: (row) => [nameOf(row.text(F.source), row.text(F.sourceLong)), nameOf(row.text(F.destination), row.text(F.destinationLong))],
  info: (row) => `Frame ${row.text(F.sequence)}`,
});
export default wpan;

function nameOf(short: string, long: string): string {
  if (short === '') return long;
  return short === '0xffff' ? 'Broadcast' : short;
}

/** A PAN and an address; where they end, -1 where they are cut. Long addresses are sent with their last byte first. */
function address(p: PacketView, at: number, end: number, mode: number, panField: Field, short: Field, long: Field, hasPan: boolean): number {
  const size = mode === LONG ? 8 : mode === SHORT ? 2 : 1;
  const from = hasPan ? at + 2 : at;
  if (from + size > end) return -1;
  if (hasPan) p.put(panField, at, 2);
  if (mode === SHORT) p.put(short, from, 2);
  else if (mode === LONG && p.wants(long)) p.putText(long, from, 8, eui64Text(p.bytes, from));
  return from + size;
}

function beacon(p: PacketView, start: number, at: number, end: number, last: number): number {
  const b = p.bytes;
  if (end - at < 4) return p.tooShort(at + 4 - start);
  putBits(p, SUPERFRAME, at, 2);
  const gts = b[at + 2] & 7;
  p.putInt(F.gtsCount, at + 2, 1, gts);
  p.putInt(F.gtsPermit, at + 2, 1, b[at + 2] >> 7);
  let from = at + 3 + (gts > 0 ? 1 + 3 * gts : 0);
  if (from >= end) return p.tooShort(from + 1 - start);
  from += 1 + 2 * (b[from] & 7) + 8 * ((b[from] >> 4) & 7);
  if (from >= last) return DONE;
  if (from > end) return p.tooShort(from - start);
  p.payload(from, last);
  return b[from] === 0 ? p.id('zbee_beacon') : 0;
}

/** ZigBee's frame control: a type below 3, and a version between 1 and 3. */
function isZigBee(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8) return false;
  const control = u16le(b, at);
  const version = (control >> 2) & 15;
  return (control & 3) < 3 && version >= 1 && version <= 3;
}
