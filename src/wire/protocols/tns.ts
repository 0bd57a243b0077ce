import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';

//  0..1     2..3       4      5          6..7
// | length | checksum | type | reserved | header checksum |
const HEADER_LEN = 8;
const TYPES = {
  1: 'Connect', 2: 'Accept', 3: 'Acknowledge', 4: 'Refuse', 5: 'Redirect', 6: 'Data', 7: 'Null', 9: 'Abort', 11: 'Resend', 12: 'Marker', 13: 'Attention', 14: 'Control',
} as const;

const F = defineFields({
  length: { name: 'tns.length', ...fixed('u16', 0, 'Packet Length') },
  checksum: { name: 'tns.packet_checksum', ...fixed('u16', 2, 'Packet Checksum', { base: 'hex' }) },
  type: { name: 'tns.type', ...fixed('u8', 4, 'Packet Type', { values: TYPES }) },
  reserved: { name: 'tns.reserved_byte', ...fixed('bytes', 5, 'Reserved Byte', { size: 1 }) },
  headerChecksum: { name: 'tns.header_checksum', ...fixed('u16', 6, 'Header Checksum', { base: 'hex' }) },
});

/** Oracle's transparent network substrate: the packets of each connection. */
export const tns = defineDissector({
  name: 'tns',
  title: 'Transparent Network Substrate Protocol',
  spec: ['Oracle Net, as its listeners speak it'],
  over: { 'tcp.port': [1521] },
  stream: true,
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at)) === MORE ? MORE : p.tooShort(HEADER_LEN);
    const length = u16be(b, at);
    if (!(b[at + 4] in TYPES) || length < HEADER_LEN) return DECLINE;
    const next = at + length;
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => TYPES[row.num(F.type) as keyof typeof TYPES] ?? 'Unknown packet',
});
export default tns;
