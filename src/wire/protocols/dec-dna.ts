import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, MALFORMED } from '../packet-view.ts';

// Length 2 (little endian), perhaps padding, then routing flags 1; a long data packet has area 2, destination 6, area 2, source 6,
// next router 1, visits 1, class 1, type 1; a short one two nodes of 2 bytes and the visits.
const PADDED = 0x80;
const CONTROL = 0x01;
const LONG_FORMAT = 0x06;
const ROUTER_HELLO = 0x0b;
const END_HELLO = 0x0d;
const LONG_LEN = 21;
const SHORT_LEN = 6;

export const decDnaFields = defineFields({
  flags: { name: 'dec_dna.flags', ...put('u8', 'Routing flags', { base: 'hex' }) },
  control: { name: 'dec_dna.flags.control', ...put('boolean', 'Control packet', { mask: 0x01 }) },
  format: { name: 'dec_dna.flags.msglen', ...put('u8', 'Long data packet format', { base: 'hex', mask: 0x06 }) },
  requestReturn: { name: 'dec_dna.flags.RQR', ...put('boolean', 'Return to Sender Request', { mask: 0x08 }) },
  returning: { name: 'dec_dna.flags.RTS', ...put('boolean', 'Packet on return trip', { mask: 0x10 }) },
  ethernet: { name: 'dec_dna.flags.intra_eth', ...put('boolean', 'Intra-ethernet packet', { mask: 0x20 }) },
  message: { name: 'dec_dna.rt.msg_type', ...put('u8', 'Routing control message', { base: 'hex', mask: 0x0e }) },
  destination: { name: 'dec_dna.dst.address', ...put('ether', 'Destination Address') },
  source: { name: 'dec_dna.src.addr', ...put('ether', 'Source Address') },
  nextRouter: { name: 'dec_dna.nl2', ...put('u8', 'Next level 2 router', { base: 'hex' }) },
  id: { name: 'dec_dna.ctl.id', ...put('ether', 'Transmitting system ID') },
  nodesVisited: { name: 'dec_dna.vst_node', ...put('u8', 'Nodes visited ty this package') },
  nspType: { name: 'dec_dna.nsp.msg_type', ...put('u8', 'DNA NSP message', { base: 'hex' }) },
  visits: { name: 'dec_dna.visit_cnt', ...put('u8', 'Visit count', { base: 'hex' }) },
  service: { name: 'dec_dna.svc_cls', ...put('u8', 'Service class', { base: 'hex' }) },
  protocol: { name: 'dec_dna.proto_type', ...put('u8', 'Protocol type', { base: 'hex' }) },
  destinationNode: { name: 'dec_dna.dst_node', ...put('u16', 'Destination node', { base: 'hex', little: true }) },
  sourceNode: { name: 'dec_dna.src_node', ...put('u16', 'Source node', { base: 'hex', little: true }) },
});
const F = decDnaFields;

/** DECnet phase IV: routing heads, and which control message it is. */
export const decDna = defineDissector({
  name: 'dec_dna',
  title: 'DEC DNA Routing Protocol',
  short: 'DEC DNA',
  spec: ['DECnet Phase IV Routing Layer Functional Specification §7'],
  over: { ethertype: [0x6003], 'ppp.protocol': [0x0027] },
  fields: decDnaFields,
  dissect(p, at, end) {
    if (end - at < 3) return p.tooShort(3);
    const b = p.bytes;
    const last = at + 2 + u16le(b, at);
    let from = at + 2;
    // A byte with its highest bit set says how many bytes of padding there are, itself among them.
    if ((b[from] & PADDED) !== 0) from += b[from] & 0x7f;
    if (last < from) return MALFORMED;
    if (from >= end) return p.tooShort(from + 1 - at);
    putFlags(p, from);
    if ((b[from] & CONTROL) !== 0) {
      p.put(F.message, from, 1);
      // Hellos of routers and of end nodes say who sends them.
      if ((b[from] === ROUTER_HELLO || b[from] === END_HELLO) && end - from >= 10) p.put(F.id, from + 4, 6);
      return DONE;
    }
    const isLong = (b[from] & LONG_FORMAT) === LONG_FORMAT;
    const needed = isLong ? LONG_LEN : SHORT_LEN;
    if (end - from < needed) return p.tooShort(from + needed - at);
    if (isLong) {
      p.put(F.destination, from + 3, 6);
      p.put(F.source, from + 11, 6);
      p.put(F.nextRouter, from + 17, 1);
      p.put(F.visits, from + 18, 1);
      p.put(F.service, from + 19, 1);
      p.put(F.protocol, from + 20, 1);
    } else {
      p.put(F.destinationNode, from + 1, 2);
      p.put(F.sourceNode, from + 3, 2);
      p.put(F.nodesVisited, from + 5, 1);
    }
    const nsp = from + needed;
    if (end - nsp >= 5) {
      p.put(F.nspType, nsp, 1);
      p.put(F.destinationNode, nsp + 1, 2);
      p.put(F.sourceNode, nsp + 3, 2);
    }
    return DONE;
  },
  ends: (row) => [nodeText(row.text(F.sourceNode), row.text(F.source) || row.text(F.id)), nodeText(row.text(F.destinationNode), row.text(F.destination))],
  info: (row) => (row.has(F.message) ? `Routing control message ${row.text(F.message)}` : 'Data'),
});
export default decDna;

function putFlags(p: PacketView, at: number): void {
  p.put(F.flags, at, 1);
  if ((p.bytes[at] & CONTROL) !== 0) {
    p.put(F.control, at, 1);
    return;
  }
  p.put(F.format, at, 1);
  p.put(F.requestReturn, at, 1);
  p.put(F.returning, at, 1);
  if ((p.bytes[at] & LONG_FORMAT) === LONG_FORMAT) p.put(F.ethernet, at, 1);
}

/** `17.272`: area in the upper six bits of a node's number, which is also the end of its Ethernet address, low byte first. */
function nodeText(node: string, ether: string): string {
  const bytes = ether.split(':');
  const number = ether === '' ? Number(node) : Number(`0x${bytes[5]}${bytes[4]}`);
  return node === '' && ether === '' ? '' : `${number >> 10}.${number & 0x3ff}`;
}
