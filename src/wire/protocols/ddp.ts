import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

// Hops and length 2, checksum 2, networks 2 and 2, nodes 1 and 1, sockets 1 and 1, type 1: destinations first.
const HEADER_LEN = 13;
const TYPE_RTMP = 1;
const TYPE_NBP = 2;
const TYPE_RTMP_REQUEST = 5;

export const ddpFields = defineFields({
  hops: { name: 'ddp.hopcount', ...fixed('u16', 0, 'Hop count', { mask: 0x3c00 }) },
  length: { name: 'ddp.len', ...fixed('u16', 0, 'Datagram length', { mask: 0x03ff }) },
  checksum: { name: 'ddp.checksum', ...fixed('u16', 2, 'Checksum') },
  destination: { name: 'ddp.dst', ...put('string', 'Destination address') },
  destinationNet: { name: 'ddp.dst.net', ...fixed('u16', 4, 'Destination Net') },
  source: { name: 'ddp.src', ...put('string', 'Source address') },
  sourceNet: { name: 'ddp.src.net', ...fixed('u16', 6, 'Source Net') },
  destinationNode: { name: 'ddp.dst.node', ...fixed('u8', 8, 'Destination Node') },
  sourceNode: { name: 'ddp.src.node', ...fixed('u8', 9, 'Source Node') },
  destinationSocket: { name: 'ddp.dst_socket', ...fixed('u8', 10, 'Destination Socket') },
  sourceSocket: { name: 'ddp.src_socket', ...fixed('u8', 11, 'Source Socket') },
  type: { name: 'ddp.type', ...fixed('u8', 12, 'Protocol type', { values: { 1: 'RTMP response or data', 2: 'NBP packet', 3: 'ATP packet', 4: 'AEP packet', 5: 'RTMP request', 6: 'ZIP packet', 7: 'ADSP packet' } }) },
});
const F = ddpFields;

/** AppleTalk's network layer. */
export const ddp = defineDissector({
  name: 'ddp',
  title: 'Datagram Delivery Protocol',
  spec: ['Inside AppleTalk §4'],
  over: { ethertype: [0x809b] },
  fields: ddpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (p.wants(F.destination)) p.putText(F.destination, at + 4, 2, addressText(b, at + 4, at + 8));
    if (p.wants(F.source)) p.putText(F.source, at + 6, 2, addressText(b, at + 6, at + 9));
    p.payload(at + HEADER_LEN, p.wireEnd);
    const type = b[at + 12];
    if (type === TYPE_NBP) return p.id('nbp');
    return type === TYPE_RTMP || type === TYPE_RTMP_REQUEST ? p.id('rtmp') : 0;
  },
  ends: (row) => [row.text(F.source), row.text(F.destination)],
  info: (row) => `Type ${row.text(F.type)}`,
});
export default ddp;

/** `0fad.db` */
function addressText(b: Uint8Array, net: number, node: number): string {
  return `${u16be(b, net).toString(16).padStart(4, '0')}.${b[node].toString(16).padStart(2, '0')}`;
}
