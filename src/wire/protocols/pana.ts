import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 16;
const MAX_TYPE = 4;
const MAX_AVP = 9;
const EAP_PAYLOAD = 2;

const TYPES = { 1: 'PANA-Client-Initiation', 2: 'PANA-Auth', 3: 'PANA-Termination', 4: 'PANA-Notification' } as const;

export const panaFields = defineFields({ 
  length: { name: 'pana.length', ...fixed('u16', 2, 'PANA Message Length') },
  flags: { name: 'pana.flags', ...fixed('u8', 4, 'Flags', { base: 'hex' }) },
  type: { name: 'pana.type', ...fixed('u16', 6, 'PANA Message Type', { values: TYPES }) },
  sid: { name: 'pana.sid', ...fixed('u32', 8, 'PANA Session ID', { base: 'hex' }) },
  seq: { name: 'pana.seq', ...fixed('u32', 12, 'PANA Sequence Number', { base: 'hex' }) },
  reserved: { name: 'pana.reserved', ...put('bytes', 'PANA Reserved') },
  avpCode: { name: 'pana.avp.code', ...put('u16', 'AVP Code') },
  avpFlags: { name: 'pana.avp.flags', ...put('u16', 'AVP Flags', { base: 'hex' }) },
  avpFlagsV: { name: 'pana.avp.flags.v', ...put('boolean', 'Vendor', { mask: 0x8000, size: 2 }) },
  avpDataLength: { name: 'pana.avp.data_length', ...put('u16', 'AVP Data Length') },
  avpReserved: { name: 'pana.avp.reserved', ...put('bytes', 'AVP Reserved') },
});
const F = panaFields;

/** A zero word, a length that fits, known bits, a known type, a known attribute. */
function looksLikePana(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < HEADER_LEN || u16be(b, at) !== 0) return false;
  const length = u16be(b, at + 2);
  const type = u16be(b, at + 6);
  if (length < HEADER_LEN || length % 4 !== 0 || length > p.wireEnd - at || (u16be(b, at + 4) & 0x03ff) !== 0 || type < 1 || type > MAX_TYPE) return false;
  return length === HEADER_LEN || (end - at >= HEADER_LEN + 2 && u16be(b, at + HEADER_LEN) >= 1 && u16be(b, at + HEADER_LEN) <= MAX_AVP);
}

export const pana = defineDissector({
  name: 'pana',
  title: 'Protocol for carrying Authentication for Network Access',
  spec: ['RFC 5191 §6'],
  over: {},
  heuristicOver: ['udp'],
  heuristic: looksLikePana,
  fields: panaFields,
  dissect(p, at, end) {
    if (!looksLikePana(p, at, end)) return DECLINE;
    const b = p.bytes;
    const messageEnd = Math.min(end, at + u16be(b, at + 2));
    p.put(F.reserved, at, 2);
    for (let i = at + HEADER_LEN; i + 8 <= messageEnd;) {
      const length = u16be(b, i + 4);
      const value = i + 8;
      p.put(F.avpCode, i, 2);
      p.put(F.avpFlags, i + 2, 2);
      p.put(F.avpFlagsV, i + 2, 2);
      p.put(F.avpDataLength, i + 4, 2);
      p.put(F.avpReserved, i + 6, 2);
      if (value + length > messageEnd) return DONE;
      const eap = p.id('eap');
      if (u16be(b, i) === EAP_PAYLOAD && eap !== 0) p.call(eap, value, value + length);
      i = value + ((length + 3) & ~3);
    }
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown',
});
export default pana;
