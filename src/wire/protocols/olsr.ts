import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const HELLO = 1;
const TC = 2;
const MID = 3;
const HNA = 4;
const HELLO_LQ = 201;
const TC_LQ = 202;

const MESSAGES = { 1: 'HELLO', 2: 'TC', 3: 'MID', 4: 'HNA', 130: 'Nameservice', 201: 'HELLO (LQ, olsr.org)', 202: 'TC (LQ, olsr.org)' } as const;

export const olsrFields = defineFields({ 
  packetLen: { name: 'olsr.packet_len', ...fixed('u16', 0, 'Packet Length') },
  packetSeqNum: { name: 'olsr.packet_seq_num', ...fixed('u16', 2, 'Packet Sequence Number') },
  messageType: { name: 'olsr.message_type', ...put('u8', 'Message Type', { values: MESSAGES }) },
  messageSize: { name: 'olsr.message_size', ...put('u16', 'Message') },
  originAddr: { name: 'olsr.origin_addr', ...put('ipv4', 'Originator Address') },
  ttl: { name: 'olsr.ttl', ...put('u8', 'TTL') },
  hopCount: { name: 'olsr.hop_count', ...put('u8', 'Hop Count') },
  messageSeqNum: { name: 'olsr.message_seq_num', ...put('u16', 'Message Sequence Number') },
  origin6Addr: { name: 'olsr.origin6_addr', ...put('ipv6', 'Originator Address') },
  message: { name: 'olsr.message', ...put('bytes', 'Message') },
  vtime: { name: 'olsr.vtime', ...put('double', 'Validity Time') },
  interfaceAddr: { name: 'olsr.interface_addr', ...put('ipv4', 'Interface Address') },
  interface6Addr: { name: 'olsr.interface6_addr', ...put('ipv6', 'Interface Address') },
  networkAddr: { name: 'olsr.network_addr', ...put('ipv4', 'Network Address') },
  network6Addr: { name: 'olsr.network6_addr', ...put('ipv6', 'Network Address') },
  netmask: { name: 'olsr.netmask', ...put('ipv4', 'Netmask') },
  netmask6: { name: 'olsr.netmask6', ...put('ipv6', 'Netmask') },
  data: { name: 'olsr.data', ...put('bytes', 'Data') },
  htime: { name: 'olsr.htime', ...put('double', 'Hello Emission Interval') },
  willingness: { name: 'olsr.willingness', ...put('u8', 'Willingness to forward messages') },
  linkType: { name: 'olsr.link_type', ...put('u8', 'Link Type') },
  linkMessageSize: { name: 'olsr.link_message_size', ...put('u16', 'Link Message Size') },
  ansn: { name: 'olsr.ansn', ...put('u16', 'Advertised Neighbor Sequence Number (ANSN)') },
  neighbor: { name: 'olsr.neighbor', ...put('bytes', 'Neighbor Address') },
  neighborAddr: { name: 'olsr.neighbor_addr', ...put('ipv4', 'Neighbor Address') },
  neighbor6Addr: { name: 'olsr.neighbor6_addr', ...put('ipv6', 'Neighbor Address') },
  lq: { name: 'olsr.lq', ...put('u8', 'LQ') },
  nlq: { name: 'olsr.nlq', ...put('u8', 'NLQ') },
});
const F = olsrFields;

const MESSAGE_V4 = layout({ 0: F.messageType, 2: F.messageSize, 4: F.originAddr, 8: F.ttl, 9: F.hopCount, 10: F.messageSeqNum });
const MESSAGE_V6 = layout({ 0: F.messageType, 2: F.messageSize, 4: F.origin6Addr, 20: F.ttl, 21: F.hopCount, 22: F.messageSeqNum });

export const olsr = defineDissector({
  name: 'olsr',
  title: 'Optimized Link State Routing Protocol',
  spec: ['RFC 3626 §3.3'],
  over: { 'udp.port': [698] },
  fields: olsrFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const size = p.ipVersion === 6 ? 16 : 4;
    const head = size === 16 ? MESSAGE_V6 : MESSAGE_V4;
    for (let i = at + HEADER_LEN; i < end;) {
      if (end - i < head.length) return p.tooShort(i + head.length - at);
      const length = u16be(b, i + 2);
      if (length < head.length || i + length > p.wireEnd) return DONE;
      const next = Math.min(end, i + length);
      p.open(F.message, i);
      putLayout(p, head, i, end);
      putSeconds(p, i + 1, F.vtime);
      const body = i + head.length;
      if (b[i] === HELLO || b[i] === HELLO_LQ) putHello(p, body, next, size, b[i] === HELLO_LQ);
      else if (b[i] === TC || b[i] === TC_LQ) putTopology(p, body, next, size, b[i] === TC_LQ);
      else if (b[i] === MID) for (let k = body; k + size <= next; k += size) p.put(size === 4 ? F.interfaceAddr : F.interface6Addr, k, size);
      else if (b[i] === HNA) {
        for (let k = body; k + 2 * size <= next; k += 2 * size) {
          p.put(size === 4 ? F.networkAddr : F.network6Addr, k, size);
          p.put(size === 4 ? F.netmask : F.netmask6, k + size, size);
        }
      } else if (next > body) p.put(F.data, body, next - body);
      p.close(next);
      if (next < i + length) return p.tooShort(i + length - at);
      i = next;
    }
    return DONE;
  },
  info: (row) => `OLSR, packet length ${row.text(F.packetLen)}`,
});
export default olsr;

/** Mantissa and exponent of a time, in sixteenths of a second (RFC 3626 §18.3). */
function putSeconds(p: PacketView, at: number, f: typeof F.vtime): void {
  const v = p.bytes[at];
  p.putInt(f, at, 1, (1 / 16) * (1 + (v >> 4) / 16) * 2 ** (v & 15));
}

function putHello(p: PacketView, at: number, end: number, size: number, quality: boolean): void {
  if (end - at < 4) return;
  putSeconds(p, at + 2, F.htime);
  p.put(F.willingness, at + 3, 1);
  for (let i = at + 4; i + 4 <= end;) {
    const length = u16be(p.bytes, i + 2);
    p.put(F.linkType, i, 1);
    p.put(F.linkMessageSize, i + 2, 2);
    if (length < 4) return;
    const next = Math.min(end, i + length);
    putNeighbours(p, i + 4, next, size, quality);
    i = next;
  }
}

function putTopology(p: PacketView, at: number, end: number, size: number, quality: boolean): void {
  if (end - at < 4) return;
  p.put(F.ansn, at, 2);
  putNeighbours(p, at + 4, end, size, quality);
}

/** Addresses, each with the quality of its link where the message tells it. */
function putNeighbours(p: PacketView, at: number, end: number, size: number, quality: boolean): void {
  const step = quality ? size + 4 : size;
  for (let i = at; i + step <= end; i += step) {
    if (quality) p.put(F.neighbor, i, step);
    p.put(size === 4 ? F.neighborAddr : F.neighbor6Addr, i, size);
    if (!quality) continue;
    p.put(F.lq, i + size, 1);
    p.put(F.nlq, i + size + 1, 1);
  }
}
