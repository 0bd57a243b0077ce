import { u16le } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { eui64Text } from '../codecs/eui64-text.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Frame control 2, destination 2, source 2, radius 1, sequence number 1; then long addresses, multicast control, relays by frame control.
const HEADER_LEN = 8;
const DATA = 0;
const SECURITY = 0x0200;
const LITTLE = { little: true } as const;

export const zbeeNwkFields = defineFields({
  destination: { name: 'zbee_nwk.dst', ...put('u16', 'Destination', { base: 'hex', also: ['zbee_nwk.addr'], ...LITTLE }) },
  source: { name: 'zbee_nwk.src', ...put('u16', 'Source', { base: 'hex', also: ['zbee_nwk.addr'], ...LITTLE }) },
  radius: { name: 'zbee_nwk.radius', ...put('u8', 'Radius') },
  sequence: { name: 'zbee_nwk.seqno', ...put('u8', 'Sequence Number') },
  destinationLong: { name: 'zbee_nwk.dst64', ...put('string', 'Destination', { also: ['zbee_nwk.addr64'] }) },
  sourceLong: { name: 'zbee_nwk.src64', ...put('string', 'Extended Source', { also: ['zbee_nwk.addr64'] }) },
  relays: { name: 'zbee_nwk.relay.count', ...put('u8', 'Relay Count') },
  relayIndex: { name: 'zbee_nwk.relay.index', ...put('u8', 'Relay Index') },
  relay: { name: 'zbee_nwk.relay', ...put('u16', 'Relay', LITTLE) },
  command: { name: 'zbee_nwk.cmd.id', ...put('u8', 'Command Identifier', { base: 'hex' }) },
  encrypted: { name: 'zbee_sec.encrypted_payload', ...put('none', 'Encrypted Payload') },
});
const F = zbeeNwkFields;
const CONTROL = defineBits('zbee_nwk', [
  ['.fcf', 0x0, 'Frame Control Field', 'u16', 'hex'],
  ['.frame_type', 0x3, 'Frame Type', 'u16', 'hex'],
  ['.proto_version', 0x3c, 'Protocol Version', 'u16'],
  ['.discovery', 0xc0, 'Discover Route', 'u16', 'hex'],
  ['.multicast', 0x100, 'Multicast'],
  ['.security', 0x200, 'Security'],
  ['.src_route', 0x400, 'Source Route'],
  ['.ext_dst', 0x800, 'Destination'],
  ['.ext_src', 0x1000, 'Extended Source'],
  ['.end_device_initiator', 0x2000, 'End Device Initiator'],
], LITTLE);

/** ZigBee's network layer; what it secures stays data. */
export const zbeeNwk = defineDissector({
  name: 'zbee_nwk',
  title: 'ZigBee Network Layer',
  short: 'ZigBee',
  column: 'ZigBee',
  spec: ['ZigBee Specification §3.3'],
  over: {},
  fields: { ...F, ...namedFields(CONTROL) },
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const control = u16le(b, at);
    putBits(p, CONTROL, at, 2);
    p.put(F.destination, at + 2, 2);
    p.put(F.source, at + 4, 2);
    p.put(F.radius, at + 6, 1);
    p.put(F.sequence, at + 7, 1);
    let from = at + HEADER_LEN;
    if ((control & 0x0800) !== 0) {
      if (end - from < 8) return p.tooShort(from + 8 - at);
      if (p.wants(F.destinationLong)) p.putText(F.destinationLong, from, 8, eui64Text(b, from));
      from += 8;
    }
    if ((control & 0x1000) !== 0) {
      if (end - from < 8) return p.tooShort(from + 8 - at);
      if (p.wants(F.sourceLong)) p.putText(F.sourceLong, from, 8, eui64Text(b, from));
      from += 8;
    }
    if ((control & 0x0100) !== 0) from++;
    if ((control & 0x0400) !== 0) {
      from = relays(p, from, end);
      if (from < 0) return p.tooShort(end - at + 1);
    }
    if (from >= end) return DONE;
    if ((control & SECURITY) !== 0) return secured(p, from, end);
    if ((control & 3) !== DATA) {
      p.put(F.command, from, 1);
      return DONE;
    }
    p.payload(from, p.wireEnd);
    return 0;
  },
  ends: (row) => [row.text(F.source), row.text(F.destination) === '0xfffc' || row.text(F.destination) === '0xffff' ? 'Broadcast' : row.text(F.destination)],
  info: (row) => `Sequence ${row.text(F.sequence)}`,
});
export default zbeeNwk;

function relays(p: PacketView, at: number, end: number): number {
  if (end - at < 2) return -1;
  const n = p.bytes[at];
  p.put(F.relays, at, 1);
  p.put(F.relayIndex, at + 1, 1);
  if (at + 2 + 2 * n > end) return -1;
  for (let i = 0; i < n; i++) p.put(F.relay, at + 2 + 2 * i, 2);
  return at + 2 + 2 * n;
}

/** Security control 1, frame counter 4, long source 8 and key number 1 where control says so; encrypted bytes; integrity code 4. */
function secured(p: PacketView, at: number, end: number): number {
  const control = p.bytes[at];
  let from = at + 5;
  if ((control & 0x20) !== 0) from += 8;
  if (((control >> 3) & 3) === 1) from++;
  const last = p.wireEnd - 4;
  if (from > end || last < from) return p.tooShort(end - at + HEADER_LEN + 1);
  p.expert('warn', 'undecoded', 'zbee_sec.encrypted_payload', from, 0);
  p.payload(from, last);
  return 0;
}
