import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { netbiosNameAt } from '../codecs/netbios-name.ts';
import { DECLINE, DONE } from '../packet-view.ts';

//  0      1       2..3          4..7        8..9          10..11   12..13
// | type | flags | datagram id | source ip | source port | length | packet offset | names | user data
const HEADER_LEN = 10;
const ERROR = 0x13;
const TYPES = {
  0x10: 'Direct_unique datagram', 0x11: 'Direct_group datagram', 0x12: 'Broadcast datagram', 0x13: 'Datagram error', 0x14: 'Datagram query request',
  0x15: 'Datagram positive query response', 0x16: 'Datagram negative query response',
} as const;
const NODES = { 0: 'B node', 1: 'P node', 2: 'M node', 3: 'NBDD' } as const;

export const nbdgmFields = defineFields({
  type: { name: 'nbdgm.type', ...fixed('u8', 0, 'Message Type', { values: TYPES }) },
  flags: { name: 'nbdgm.flags', ...fixed('u8', 1, 'Flags', { base: 'hex' }) },
  more: { name: 'nbdgm.next', ...fixed('boolean', 1, 'More fragments follow', { mask: 0x1 }) },
  first: { name: 'nbdgm.first', ...fixed('boolean', 1, 'This is first fragment', { mask: 0x2 }) },
  node: { name: 'nbdgm.node_type', ...fixed('u8', 1, 'Node Type', { mask: 0xc, values: NODES }) },
  id: { name: 'nbdgm.dgram_id', ...fixed('u16', 2, 'Datagram ID', { base: 'hex' }) },
  srcIp: { name: 'nbdgm.src.ip', ...fixed('ipv4', 4, 'Source IP') },
  srcPort: { name: 'nbdgm.src.port', ...fixed('u16', 8, 'Source Port') },
  length: { name: 'nbdgm.dgram_len', ...put('u16', 'Datagram length') },
  offset: { name: 'nbdgm.pkt_offset', ...put('u16', 'Packet offset') },
  error: { name: 'nbdgm.error_code', ...put('u8', 'Error code', { base: 'hex' }) },
  source: { name: 'nbdgm.source_name', ...put('string', 'Source name') },
  destination: { name: 'nbdgm.destination_name', ...put('string', 'Destination name') },
});
const F = nbdgmFields;

/** NetBIOS datagrams, which carry mailslots. */
export const nbdgm = defineDissector({
  name: 'nbdgm',
  title: 'NetBIOS Datagram Service',
  spec: ['RFC 1002 §4.4'],
  over: { 'udp.port': [138] },
  fields: F,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const type = b[at];
    if (!(type in TYPES)) return DECLINE;
    if (type === ERROR) {
      if (end > at + HEADER_LEN) p.put(F.error, at + HEADER_LEN, 1);
      return DONE;
    }
    let q = at + HEADER_LEN;
    const carries = type <= 0x12;
    if (carries) {
      if (end - at < 14) return p.tooShort(14);
      p.put(F.length, at + 10, 2);
      p.put(F.offset, at + 12, 2);
      q = at + 14;
      const next = netbiosNameAt(p, q, end, F.source);
      if (next < 0) return p.tooShort(end + 1 - at);
      q = next;
    }
    const next = netbiosNameAt(p, q, end, F.destination);
    if (next < 0) return p.tooShort(end + 1 - at);
    if (!carries) return DONE;
    p.payload(next, Math.min(p.wireEnd, at + 14 + u16be(b, at + 10)));
    const isSmb = end - next >= 4 && b[next] === 0xff && b[next + 1] === 0x53;
    return isSmb ? p.id('smb') : DONE;
  },
  info: (row) => `${TYPES[row.num(F.type) as keyof typeof TYPES] ?? 'Unknown'} ${row.text(F.source)} → ${row.text(F.destination)}`,
});
export default nbdgm;
