import { toHex, u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

// Checksum 2, length 2, hops 1, type 1; destination and source, each network 4, node 6, socket 2.
const HEADER_LEN = 30;
const TYPE_NETBIOS = 20;
const TYPE_SPX = 5;
const SOCKETS = {
  0x0451: 'NetWare Core Protocol', 0x0452: 'Service Advertisement Protocol', 0x0453: 'Routing Information Protocol', 0x0455: 'NetBIOS', 0x0456: 'Diagnostic', 0x0457: 'Serialization',
  0x4003: 'NWLink datagram', 0x9001: 'NetWare Link Services Protocol',
} as const;
const NETWORK = { also: ['ipx.net'], base: 'hex' } as const;
const NODE = { also: ['ipx.node'] } as const;
const SOCKET = { also: ['ipx.socket'], base: 'hex', values: SOCKETS } as const;

export const ipxFields = defineFields({
  source: { name: 'ipx.src', ...put('string', 'Source Address', { also: ['ipx.addr'] }) },
  destination: { name: 'ipx.dst', ...put('string', 'Destination Address', { also: ['ipx.addr'] }) },
  checksum: { name: 'ipx.checksum', ...fixed('u16', 0, 'Checksum', { base: 'hex' }) },
  length: { name: 'ipx.len', ...fixed('u16', 2, 'Length') },
  hops: { name: 'ipx.hops', ...fixed('u8', 4, 'Transport Control (Hops)') },
  type: { name: 'ipx.packet_type', ...fixed('u8', 5, 'Packet Type', { base: 'hex', values: { 0: 'IPX', 1: 'RIP', 4: 'PEP', 5: 'SPX', 17: 'NCP', 20: 'NetBIOS Broadcast' } }) },
  destinationNetwork: { name: 'ipx.dst.net', ...fixed('u32', 6, 'Destination Network', NETWORK) },
  destinationNode: { name: 'ipx.dst.node', ...fixed('ether', 10, 'Destination Node', NODE) },
  destinationSocket: { name: 'ipx.dst.socket', ...fixed('u16', 16, 'Destination Socket', SOCKET) },
  sourceNetwork: { name: 'ipx.src.net', ...fixed('u32', 18, 'Source Network', NETWORK) },
  sourceNode: { name: 'ipx.src.node', ...fixed('ether', 22, 'Source Node', NODE) },
  sourceSocket: { name: 'ipx.src.socket', ...fixed('u16', 28, 'Source Socket', SOCKET) },
});
const F = ipxFields;

/** `13000001.0020af3979e2` */
function addressText(b: Uint8Array, at: number): string {
  return `${toHex(b, at, at + 4)}.${toHex(b, at + 4, at + 10)}`;
}

/** Novell's network layer: who is asked by the lower socket, then by the packet's type. */
export const ipx = defineDissector({
  name: 'ipx',
  title: 'Internetwork Packet eXchange',
  spec: ['Novell IPX Router Specification §2'],
  over: { ethertype: [0x8137], 'llc.dsap': [0xe0, 0xff], 'ppp.protocol': [0x002b] },
  tables: ['ipx.socket'],
  fields: ipxFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (p.wants(F.source)) p.putText(F.source, at + 18, 10, addressText(b, at + 18));
    if (p.wants(F.destination)) p.putText(F.destination, at + 6, 10, addressText(b, at + 6));
    const length = u16be(b, at + 2);
    if (length < HEADER_LEN) return DONE;
    p.payload(at + HEADER_LEN, at + length);
    const type = b[at + 5];
    if (type === TYPE_SPX) return p.id('spx');
    if (type === TYPE_NETBIOS && u16be(b, at + 16) === 0x0455) return p.id('nbipx');
    return p.next('ipx.socket', u16be(b, at + 16), u16be(b, at + 28));
  },
  ends: (row) => [row.text(F.source), row.text(F.destination)],
  info: (row) => `Type ${row.text(F.type)}, socket ${row.text(F.destinationSocket)}`,
});
export default ipx;
