import type { FlowPacket } from './flow-packet.ts';
import * as transports from './transports.ts';
import * as tunnelPorts from './tunnel-ports.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { TCP, UDP } = transports;
const { isTunnelPort } = tunnelPorts;

const SIGN = 1 << 31;

/**
 * Reads the frames that nearly all traffic consists of in one go: whole TCP segments and UDP datagrams right behind Ethernet and
 * IPv4 without options or IPv6 without extension headers.
 *
 * Returns false, having written nothing that counts, where the frame is anything else: the header walk then takes it step by
 * step, and would come to the same registers for these.
 */
export function readPlain(p: FlowPacket, v: DataView, at: number, end: number): boolean {
  if (end - at < 42) return false;
  const type = v.getUint16(at + 12);
  let proto: number;
  let l4: number;
  let sentEnd: number;
  if (type === 0x0800) {
    // Version 4 with five words of header; neither offset nor more fragments.
    if (v.getUint8(at + 14) !== 0x45 || (v.getUint16(at + 20) & 0x3fff) !== 0) return false;
    const total = v.getUint16(at + 16);
    if (total < 28) return false;
    proto = v.getUint8(at + 23);
    l4 = at + 34;
    sentEnd = at + 14 + total;
    p.ipVersion = 4;
    p.ipLen = total;
    p.srcAt = at + 26;
    p.dstAt = at + 30;
  } else if (type === 0x86dd) {
    const length = v.getUint16(at + 18);
    if (v.getUint8(at + 14) >> 4 !== 6 || length < 8 || end - at < 62) return false;
    proto = v.getUint8(at + 20);
    l4 = at + 54;
    sentEnd = l4 + length;
    p.ipVersion = 6;
    p.ipLen = 40 + length;
    p.srcAt = at + 22;
    p.dstAt = at + 38;
  } else return false;
  const l4End = sentEnd < end ? sentEnd : end;
  const ports = v.getInt32(l4);
  if (proto === TCP) {
    if (l4End - l4 < 20) return false;
    const payloadAt = l4 + ((v.getUint8(l4 + 12) >> 4) << 2);
    if (payloadAt < l4 + 20 || payloadAt > l4End) return false;
    p.payloadAt = payloadAt;
    p.tcpFlags = v.getUint8(l4 + 13);
    p.seq = v.getInt32(l4 + 4);
    p.ack = v.getInt32(l4 + 8);
  } else if (proto === UDP) {
    // A length that is not that of the IP packet's rest is for the step by step way to judge.
    if (l4 + v.getUint16(l4 + 4) !== sentEnd || isTunnelPort(ports >>> 16) || isTunnelPort(ports & 0xffff)) return false;
    p.payloadAt = l4 + 8;
    p.tcpFlags = 0;
  } else return false;
  p.ipProto = proto;
  p.ethAt = at;
  p.srcPort = ports >>> 16;
  p.dstPort = ports & 0xffff;
  p.l4At = l4;
  p.payloadEnd = l4End;
  p.payloadWireEnd = sentEnd;
  if (type === 0x0800) {
    const src = v.getInt32(at + 26);
    const dst = v.getInt32(at + 30);
    // Unsigned order: flipping the sign bit turns it into the signed one.
    const flipped = (src ^ SIGN) > (dst ^ SIGN) || (src === dst && ports >>> 16 > (ports & 0xffff));
    p.low = flipped ? dst : src;
    p.high = flipped ? src : dst;
    p.ports = flipped ? (ports << 16) | (ports >>> 16) : ports;
    p.dir = flipped ? 1 : 0;
    p.keyed = true;
  } else p.keyed = false;
  return true;
}
