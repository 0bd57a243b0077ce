import { u16be, u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const rtpsFields = defineFields({
  magic: { name: 'rtps.magic', ...put('string', 'Magic') },
  version: { name: 'rtps.version', ...put('u16', 'Protocol version', { base: 'hex' }) },
  major: { name: 'rtps.version.major', ...put('i8', 'major') },
  minor: { name: 'rtps.version.minor', ...put('i8', 'minor') },
  vendor: { name: 'rtps.vendorId', ...put('u16', 'vendorId', { base: 'hex' }) },
  guidPrefix: { name: 'rtps.guidPrefix', ...put('bytes', 'guidPrefix') },
  hostId: { name: 'rtps.hostId', ...put('u32', 'hostId', { base: 'hex' }) },
  appId: { name: 'rtps.appId', ...put('u32', 'appId', { base: 'hex' }) },
  submessage: { name: 'rtps.sm.id', ...put('u8', 'submessageId', { base: 'hex' }) },
  flags: { name: 'rtps.sm.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  toNext: { name: 'rtps.sm.octetsToNextHeader', ...put('u16', 'octetsToNextHeader') },
});
const F = rtpsFields;

const MAGIC = [0x52, 0x54, 0x50, 0x53];
/** Version 1 has a head of 16 bytes, version 2 a longer prefix. */
const HEADER_LEN = 20;
const HEADER_LEN_1 = 16;
const LITTLE_ENDIAN = 1;

/** Real-Time Publish-Subscribe (DDS): the head, and its submessages. */
export const rtps = defineDissector({
  name: 'rtps',
  title: 'Real-Time Publish-Subscribe Wire Protocol',
  spec: ['OMG DDSI-RTPS 2.5 §8.3'],
  over: {},
  fields: rtpsFields,
  column: 'RTPS',
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => isRtps(p.bytes, at, end),
  dissect(p, at, end) {
    const b = p.bytes;
    if (!isRtps(b, at, end)) return DECLINE;
    const isVersion1 = b[at + 4] === 1;
    const head = isVersion1 ? HEADER_LEN_1 : HEADER_LEN;
    if (end - at < head) return p.tooShort(head);
    p.put(F.magic, at, 4);
    p.put(F.version, at + 4, 2);
    p.put(F.major, at + 4, 1);
    p.put(F.minor, at + 5, 1);
    p.put(F.vendor, at + 6, 2);
    if (!isVersion1) p.put(F.guidPrefix, at + 8, 12);
    p.put(F.hostId, at + 8, 4);
    p.put(F.appId, at + 12, 4);
    let pos = at + head;
    while (pos + 4 <= end) {
      const length = (b[pos + 1] & LITTLE_ENDIAN) !== 0 ? u16le(b, pos + 2) : u16be(b, pos + 2);
      p.put(F.submessage, pos, 1);
      p.put(F.flags, pos + 1, 1);
      p.putInt(F.toNext, pos + 2, 2, length);
      // The last one may say 0: it goes to the end.
      if (length === 0 && b[pos] !== 1) break;
      pos += 4 + length;
    }
    return DONE;
  },
});

function isRtps(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER_LEN_1) return false;
  for (let i = 0; i < MAGIC.length; i++) if (b[at + i] !== MAGIC[i]) return false;
  return b[at + 4] === 1 || b[at + 4] === 2;
}

export default rtps;
