import { toHex, u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Identifier 1, length 1, version 1, reserved 1, type 1, holding time 2, checksum 2; then addresses with their lengths by type.
const HEAD_LEN = 9;
const ESH = 2;
const ISH = 4;
const RD = 6;

export const esisFields = defineFields({
  nlpid: { name: 'esis.nlpi', ...fixed('u8', 0, 'Network Layer Protocol Identifier', { base: 'hex' }) },
  length: { name: 'esis.length', ...fixed('u8', 1, 'PDU Length') },
  version: { name: 'esis.ver', ...fixed('u8', 2, 'Version') },
  reserved: { name: 'esis.res', ...fixed('u8', 3, 'Reserved(==0)') },
  type: { name: 'esis.type', ...fixed('u8', 4, 'PDU Type', { mask: 0x1f, values: { 2: 'ES HELLO', 4: 'IS HELLO', 6: 'RD REQUEST' } }) },
  holding: { name: 'esis.htime', ...fixed('u16', 5, 'Holding Time') },
  checksum: { name: 'esis.chksum', ...fixed('u16', 7, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'esis.chksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  sources: { name: 'esis.number_of_source_addresses', ...put('u8', 'Number of Source Addresses (SA, Format: NSAP)') },
  sourceLength: { name: 'esis.sal', ...put('u8', 'SAL') },
  source: { name: 'esis.sa', ...put('string', 'SA') },
  netLength: { name: 'esis.netl', ...put('u8', 'NETL') },
  net: { name: 'esis.net', ...put('string', 'NET') },
  destinationLength: { name: 'esis.dal', ...put('u8', 'DAL') },
  destination: { name: 'esis.da', ...put('string', 'DA') },
  badChecksum: { name: 'esis.bad_checksum', ...put('none', 'Bad checksum') },
  versionUnknown: { name: 'esis.ver.unknown', ...put('none', 'Unknown ESIS version') },
  lengthInvalid: { name: 'esis.length.invalid', ...put('none', 'Bogus ESIS length') },
  typeUnknown: { name: 'esis.type.unknown', ...put('none', 'Unknown ESIS packet type') },
});
const F = esisFields;

/** How end systems and routers of OSI find each other. */
export const esis = defineDissector({
  name: 'esis',
  title: 'ISO 9542 ESIS Routeing Information Exchange Protocol',
  spec: ['ISO 9542 §7'],
  over: { 'osi.nlpid': [0x82] },
  fields: esisFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    if (b[at + 2] !== 1) p.expert('warn', 'protocol', 'esis.ver.unknown', at + 2, 1);
    if (b[at + 1] < HEAD_LEN) {
      p.expert('error', 'protocol', 'esis.length.invalid', at + 1, 1);
      return DONE;
    }
    p.putInt(F.checksumStatus, at + 7, 0, checksumStatus(p, at, end));
    const from = at + HEAD_LEN;
    const type = b[at + 4] & 0x1f;
    if (type !== ESH && type !== ISH && type !== RD) {
      p.expert('warn', 'protocol', 'esis.type.unknown', at + 4, 1);
      return DONE;
    }
    if (from >= end) return p.tooShort(HEAD_LEN + 1);
    if (type === ISH) return address(p, from, end, F.netLength, F.net) < 0 ? p.tooShort(end - at + 1) : DONE;
    if (type === RD) return address(p, from, end, F.destinationLength, F.destination) < 0 ? p.tooShort(end - at + 1) : DONE;
    p.put(F.sources, from, 1);
    let next = from + 1;
    for (let n = b[from]; n > 0; n--) {
      next = address(p, next, end, F.sourceLength, F.source);
      if (next < 0) return p.tooShort(end - at + 1);
    }
    return DONE;
  },
  info: (row) => `${row.has(F.net) ? `NET ${row.text(F.net)}` : `SA ${row.text(F.source)}`}`,
});
export default esis;

function checksumStatus(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (u16be(b, at + 7) === 0) return 3;
  const last = at + b[at + 1];
  if (last > end) return 2;
  let c0 = 0;
  let c1 = 0;
  for (let i = at; i < last; i++) {
    c0 = (c0 + b[i]) % 255;
    c1 = (c1 + c0) % 255;
  }
  if (c0 === 0 && c1 === 0) return 1;
  p.expert('error', 'checksum', 'esis.bad_checksum', at + 7, 2);
  return 0;
}

/** Puts a length and an address; where the next one begins, -1 where it is not all there. */
function address(p: PacketView, at: number, end: number, lengthField: Field, field: Field): number {
  if (at >= end) return -1;
  const length = p.bytes[at];
  p.put(lengthField, at, 1);
  if (at + 1 + length > end) return -1;
  if (p.wants(field)) p.putText(field, at + 1, length, nsapText(p.bytes, at + 1, length));
  return at + 1 + length;
}

/** `49.0001.0000.0000.0001.00`: the first byte, then pairs. */
function nsapText(b: Uint8Array, at: number, length: number): string {
  let text = toHex(b, at, Math.min(at + 1, at + length));
  for (let i = at + 1; i < at + length; i += 2) text += `.${toHex(b, i, Math.min(i + 2, at + length))}`;
  return text;
}
