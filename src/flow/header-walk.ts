import * as bytes from '../base/bytes.ts';
import { IpDefrag, type FragmentedDatagram } from '../stream/ip-defrag.ts';
import type { FlowPacket } from './flow-packet.ts';
import * as plainFrame from './plain-frame.ts';
import * as transports from './transports.ts';
import * as tunnelPorts from './tunnel-ports.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be, u32be } = bytes;
const { readPlain } = plainFrame;
const { ICMP, ICMPV6, TCP, UDP } = transports;
const { isTunnelPort } = tunnelPorts;

/** Takes one call a network layer whose transport could be read: the outer one first, then what it carries. */
export interface PacketSink {
  /** The object that the next packet is to be written into; the same one until `packet` took it. */
  next(): FlowPacket;
  packet(p: FlowPacket): void;
}

const SCTP = 132;
const GRE = 47;
const IPIP = 4;
const IPV6_IN_IP = 41;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** Tunnels in tunnels end here. */
const MAX_DEPTH = 8;

/**
 * Walks from the link to the transport of one frame and stops there: all that flows need, at a third of the price of the dissectors.
 *
 * Knows Ethernet with 802.1Q, 802.1ad, VN-Tag, MPLS and PPPoE, Linux SLL and SLL2, BSD loopback, raw IP, PPP, IEEE 802.11 with radiotap;
 * and unwraps IP in IP, GRE (RFC 2784, RFC 2890, ERSPAN, PPTP's RFC 2637), VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U, Teredo
 * (RFC 4380) and AYIYA, so that tunnelled flows are flows. One instance a worker; its fields are valid during `packet`.
 */
export class HeaderWalk {
  /** Frames without a network layer, and network layers that were too short to read. */
  notIp = 0;
  damaged = 0;
  fragments = 0;

  readonly #sink: PacketSink;
  readonly #fragments = new IpDefrag();
  /** What the frame at hand is written into, where it is not a plain one. */
  #packet: FlowPacket;
  #depth = 0;
  /** The frame's bytes: read as words of 16 and 32 bits at a quarter of the price of putting them together. */
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #slab = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
    this.#packet = sink.next();
  }

  /** Walks the frame whose captured bytes are `[at, end)`; it ended at `wireEnd` when it was sent. */
  frameAt(bytes: Uint8Array, at: number, end: number, wireEnd: number, linkType: number, frame: number, seconds: number, nanoseconds: number): void {
    const packet = this.#sink.next();
    if (bytes !== this.#bytes) this.#see(bytes);
    if (packet.slab !== this.#slab) {
      packet.slab = this.#slab;
      packet.bytes = bytes;
    }
    packet.frame = frame;
    packet.seconds = seconds;
    packet.nanoseconds = nanoseconds;
    packet.vlanCount = 0;
    if (linkType === 1 && readPlain(packet, this.#view, at, end) === true) {
      this.#sink.packet(packet);
      return;
    }
    packet.keyed = false;
    packet.ethAt = -1;
    this.#packet = packet;
    this.#depth = 0;
    if (linkType === 1) this.#ethernet(at, end, wireEnd);
    else this.#otherLink(at, end, wireEnd, linkType);
  }

  #see(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#slab++;
  }

  /** Makes room for one more packet of the frame that `packet` belongs to. */
  #goOn(packet: FlowPacket): void {
    this.#packet = this.#sink.next();
    this.#packet.inherit(packet);
    this.#packet.keyed = false;
  }

  #ethernet(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    if (end - at < 14) {
      this.notIp++;
      return;
    }
    packet.ethAt = at;
    const b = packet.bytes;
    const type = (b[at + 12] << 8) | b[at + 13];
    if (type === ETHERTYPE_IPV4) this.#ipv4(at + 14, end, wireEnd);
    else if (type === ETHERTYPE_IPV6) this.#ipv6(at + 14, end, wireEnd);
    else this.#etherType(type, at + 14, end, wireEnd);
  }

  #otherLink(at: number, end: number, wireEnd: number, linkType: number): void {
    const b = this.#packet.bytes;
    switch (linkType) {
      case 0: // NULL: the capturing host's byte order
      case 108: { // LOOP: network order
        if (end - at < 4) break;
        const family = b[at] !== 0 ? b[at] : b[at + 3];
        if (family === 2) return this.#ipv4(at + 4, end, wireEnd);
        if (family === 10 || family === 24 || family === 28 || family === 30) return this.#ipv6(at + 4, end, wireEnd);
        break;
      }
      case 9: // PPP
      case 50:
        return this.#ppp(at, end, wireEnd);
      case 12:
      case 14:
      case 101: // raw IP
        return this.#rawIp(at, end, wireEnd);
      case 228:
        return this.#ipv4(at, end, wireEnd);
      case 229:
        return this.#ipv6(at, end, wireEnd);
      case 113: // Linux cooked
        if (end - at >= 16) return this.#etherType(u16be(b, at + 14), at + 16, end, wireEnd);
        break;
      case 276:
        if (end - at >= 20) return this.#etherType(u16be(b, at), at + 20, end, wireEnd);
        break;
      case 105:
        return this.#wlan(at, end, wireEnd);
      case 127: // radiotap: its length is little endian
        if (end - at >= 4) return this.#wlan(at + (b[at + 2] | (b[at + 3] << 8)), end, wireEnd);
        break;
    }
    this.notIp++;
  }

  #etherType(type: number, at: number, end: number, wireEnd: number): void {
    const b = this.#packet.bytes;
    let p = at;
    let t = type;
    for (let hops = 0; hops < 8; hops++) {
      if (t === ETHERTYPE_IPV4) return this.#ipv4(p, end, wireEnd);
      if (t === ETHERTYPE_IPV6) return this.#ipv6(p, end, wireEnd);
      if (t === 0x8100 || t === 0x88a8 || t === 0x9100) {
        if (end - p < 4) break;
        if (this.#packet.vlanCount < this.#packet.vlans.length) this.#packet.vlans[this.#packet.vlanCount++] = u16be(b, p) & 0xfff;
        t = u16be(b, p + 2);
        p += 4;
      } else if (t === 0x8847 || t === 0x8848) {
        return this.#mpls(p, end, wireEnd);
      } else if (t === 0x8864) { // PPPoE session (RFC 2516)
        return this.#ppp(p + 6, end, wireEnd);
      } else if (t === 0x8926) { // VN-Tag (802.1BR's forerunner): 4 bytes, then the type
        if (end - p < 6) break;
        t = u16be(b, p + 4);
        p += 6;
      } else if (t <= 1500) {
        return this.#llc(p, end, wireEnd);
      } else break;
    }
    this.notIp++;
  }

  #llc(at: number, end: number, wireEnd: number): void {
    const b = this.#packet.bytes;
    if (end - at >= 8 && b[at] === 0xaa && b[at + 1] === 0xaa && b[at + 2] === 3) return this.#etherType(u16be(b, at + 6), at + 8, end, wireEnd);
    this.notIp++;
  }

  #mpls(at: number, end: number, wireEnd: number): void {
    const b = this.#packet.bytes;
    for (let p = at; end - p >= 5; ) {
      const bottom = (b[p + 2] & 1) !== 0;
      p += 4;
      if (!bottom) continue;
      const nibble = b[p] >> 4;
      if (nibble === 4) return this.#ipv4(p, end, wireEnd);
      if (nibble === 6) return this.#ipv6(p, end, wireEnd);
      // A pseudowire: a control word begins with 0 (RFC 4385), or the Ethernet frame comes at once.
      return this.#ethernet(nibble === 0 ? p + 4 : p, end, wireEnd);
    }
    this.notIp++;
  }

  #ppp(at: number, end: number, wireEnd: number): void {
    const b = this.#packet.bytes;
    let p = at;
    if (end - p >= 2 && b[p] === 0xff && b[p + 1] === 3) p += 2;
    if (end - p >= 2) {
      // Protocol field compression: an odd first byte is the whole number (RFC 1661 §6.5).
      const short = (b[p] & 1) === 1;
      const protocol = short ? b[p] : u16be(b, p);
      p += short ? 1 : 2;
      if (protocol === 0x21) return this.#ipv4(p, end, wireEnd);
      if (protocol === 0x57) return this.#ipv6(p, end, wireEnd);
      if (protocol === 0x281) return this.#mpls(p, end, wireEnd);
    }
    this.notIp++;
  }

  /** IEEE 802.11 data frames without encryption. */
  #wlan(at: number, end: number, wireEnd: number): void {
    const b = this.#packet.bytes;
    if (end - at >= 24 && (b[at] & 0x0c) === 0x08 && (b[at] & 0x40) === 0 && (b[at + 1] & 0x40) === 0) {
      const fourAddresses = (b[at + 1] & 3) === 3;
      const qos = (b[at] & 0x80) !== 0;
      const header = 24 + (fourAddresses ? 6 : 0) + (qos ? 2 : 0);
      const control = qos ? b[at + header - 2] : 0;
      const p = at + header;
      if ((control & 0x80) === 0) return this.#llc(p, end, wireEnd);
      return this.#amsdu(p, end, wireEnd);
    }
    this.notIp++;
  }

  /** An aggregate: subframes of destination, source, length and LLC, padded to 4 bytes. */
  #amsdu(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    const b = packet.bytes;
    for (let p = at; end - p >= 14; ) {
      this.#goOn(packet);
      const length = u16be(b, p + 12);
      this.#llc(p + 14, Math.min(end, p + 14 + length), Math.min(wireEnd, p + 14 + length));
      p += (14 + length + 3) & ~3;
    }
  }

  #rawIp(at: number, end: number, wireEnd: number): void {
    const version = at < end ? this.#packet.bytes[at] >> 4 : 0;
    if (version === 4) this.#ipv4(at, end, wireEnd);
    else if (version === 6) this.#ipv6(at, end, wireEnd);
    else this.notIp++;
  }

  #ipv4(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    const b = packet.bytes;
    if (end - at < 20) {
      this.damaged++;
      return;
    }
    const headerLen = (b[at] & 15) << 2;
    let total = (b[at + 2] << 8) | b[at + 3];
    // Segmentation offload leaves 0: the datagram then runs to the frame's end.
    if (total === 0) total = wireEnd - at;
    if (b[at] >> 4 !== 4 || headerLen < 20 || total < headerLen) {
      this.damaged++;
      return;
    }
    packet.ipVersion = 4;
    packet.srcAt = at + 12;
    packet.dstAt = at + 16;
    packet.ipLen = total;
    packet.ipProto = b[at + 9];
    const sentEnd = at + total;
    const l4End = sentEnd < end ? sentEnd : end;
    const fragment = ((b[at + 6] << 8) | b[at + 7]) & 0x3fff;
    if (fragment !== 0) {
      this.fragments++;
      const offset = (fragment & 0x1fff) << 3;
      const more = (fragment & 0x2000) !== 0;
      const datagram = this.#fragments.add(b, at + 12, 4, u16be(b, at + 4), b[at + 9], offset, more, at + headerLen, l4End, packet.frame);
      if (datagram?.complete === true) this.#whole(datagram, at, headerLen);
      return;
    }
    this.#transport(b[at + 9], at + headerLen, l4End, sentEnd);
  }

  /** Continues in a datagram that fragments made whole, as if it had come in one piece: one packet of the flow. */
  #whole(datagram: FragmentedDatagram, at: number, headerLen: number): void {
    const packet = this.#packet;
    const from = packet.bytes;
    const { srcAt, dstAt, ethAt } = packet;
    // A copy with the header in front keeps addresses and payload in one array; it lives for this packet only.
    const joined = new Uint8Array(headerLen + datagram.total);
    joined.set(from.subarray(at, at + headerLen), 0);
    joined.set(datagram.bytes.subarray(0, datagram.total), headerLen);
    packet.bytes = joined;
    packet.slab = -1;
    packet.srcAt = srcAt - at;
    packet.dstAt = dstAt - at;
    packet.ethAt = -1;
    packet.ipLen = joined.length;
    this.#transport(packet.ipProto, headerLen, joined.length, joined.length);
    // What else the frame holds stands in its own bytes.
    this.#packet.bytes = from;
    this.#packet.slab = -1;
    this.#packet.ethAt = ethAt;
  }

  #ipv6(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    const b = packet.bytes;
    if (end - at < 40 || b[at] >> 4 !== 6) {
      this.damaged++;
      return;
    }
    const length = (b[at + 4] << 8) | b[at + 5];
    // 0 = jumbogram or offload: to the frame's end.
    const sentEnd = length === 0 ? wireEnd : at + 40 + length;
    const l4End = sentEnd < end ? sentEnd : end;
    packet.ipVersion = 6;
    packet.srcAt = at + 8;
    packet.dstAt = at + 24;
    packet.ipLen = sentEnd - at;
    let proto = b[at + 6];
    let p = at + 40;
    if (proto === TCP || proto === UDP) {
      this.#transport(proto, p, l4End, sentEnd);
      return;
    }
    for (let hops = 0; hops < 16 && l4End - p >= 8; hops++) {
      if (proto === 0 || proto === 43 || proto === 60 || proto === 135) {
        proto = b[p];
        p += (b[p + 1] + 1) << 3;
      } else if (proto === 51) {
        proto = b[p];
        p += (b[p + 1] + 2) << 2;
      } else if (proto === 44) {
        const offset = u16be(b, p + 2);
        const next = b[p];
        const id = u32be(b, p + 4);
        p += 8;
        // An atomic fragment (RFC 6946) is whole by itself.
        if ((offset & 0xfff9) !== 0) {
          this.fragments++;
          const datagram = this.#fragments.add(b, at + 8, 16, id, next, offset & 0xfff8, (offset & 1) !== 0, p, l4End, packet.frame);
          packet.ipProto = next;
          if (datagram?.complete === true) this.#whole(datagram, at, 40);
          return;
        }
        proto = next;
      } else break;
    }
    if (p > l4End) {
      this.damaged++;
      return;
    }
    this.#transport(proto, p, l4End, sentEnd);
  }

  #transport(proto: number, at: number, end: number, sentEnd: number): void {
    const packet = this.#packet;
    const b = packet.bytes;
    packet.ipProto = proto;
    packet.l4At = at;
    packet.tcpFlags = 0;
    packet.payloadEnd = end;
    packet.payloadWireEnd = sentEnd;
    if (proto === TCP) {
      if (end - at < 20) {
        this.damaged++;
        return;
      }
      packet.srcPort = (b[at] << 8) | b[at + 1];
      packet.dstPort = (b[at + 2] << 8) | b[at + 3];
      const payloadAt = at + ((b[at + 12] >> 4) << 2);
      if (payloadAt < at + 20 || payloadAt > sentEnd) {
        this.damaged++;
        return;
      }
      packet.payloadAt = payloadAt;
      packet.tcpFlags = b[at + 13];
      packet.seq = u32be(b, at + 4) | 0;
      packet.ack = u32be(b, at + 8) | 0;
      if (payloadAt > end) packet.payloadEnd = payloadAt;
      this.#sink.packet(packet);
    } else if (proto === UDP) {
      if (end - at < 8) {
        this.damaged++;
        return;
      }
      packet.srcPort = (b[at] << 8) | b[at + 1];
      packet.dstPort = (b[at + 2] << 8) | b[at + 3];
      packet.payloadAt = at + 8;
      const length = (b[at + 4] << 8) | b[at + 5];
      if (length >= 8 && at + length < sentEnd) {
        packet.payloadWireEnd = at + length;
        if (at + length < end) packet.payloadEnd = at + length;
      }
      this.#sink.packet(packet);
      if (isTunnelPort(packet.srcPort) || isTunnelPort(packet.dstPort)) this.#udpTunnel(packet);
    } else this.#otherTransport(proto, at, end, sentEnd);
  }

  #otherTransport(proto: number, at: number, end: number, sentEnd: number): void {
    const packet = this.#packet;
    const b = packet.bytes;
    if (proto === GRE) return this.#deeper(GRE, at, end, sentEnd);
    if (proto === IPIP || proto === IPV6_IN_IP) return this.#deeper(IPIP, at, end, sentEnd);
    packet.srcPort = 0;
    packet.dstPort = 0;
    packet.payloadAt = at;
    if (proto === ICMP || proto === ICMPV6) {
      if (end - at < 4) {
        this.damaged++;
        return;
      }
      packet.srcPort = b[at];
      packet.dstPort = b[at + 1];
      packet.payloadAt = Math.min(at + 8, end);
    } else if (proto === SCTP && end - at >= 12) {
      packet.srcPort = u16be(b, at);
      packet.dstPort = u16be(b, at + 2);
      packet.payloadAt = at + 12;
    }
    this.#sink.packet(packet);
  }

  #deeper(kind: number, at: number, end: number, sentEnd: number): void {
    if (++this.#depth > MAX_DEPTH) return;
    if (kind === GRE) this.#gre(at, end, sentEnd);
    else this.#rawIp(at, end, sentEnd);
    this.#depth--;
  }

  #gre(at: number, end: number, sentEnd: number): void {
    const b = this.#packet.bytes;
    if (end - at < 4) {
      this.damaged++;
      return;
    }
    const flags = u16be(b, at);
    const type = u16be(b, at + 2);
    const version = flags & 7;
    let p = at + 4;
    if ((flags & 0xc000) !== 0) p += 4;
    if ((flags & 0x2000) !== 0) p += 4;
    if ((flags & 0x1000) !== 0) p += 4;
    if (version === 1 && (flags & 0x80) !== 0) p += 4;
    if (p >= end) return;
    if (type === 0x6558) this.#ethernet(p, end, sentEnd);
    else if (type === 0x88be) this.#ethernet((flags & 0x1000) !== 0 ? p + 8 : p, end, sentEnd); // ERSPAN II, or I without a header
    else if (type === 0x22eb && end - p >= 12) this.#ethernet(p + 12 + ((b[p + 11] & 1) !== 0 ? 8 : 0), end, sentEnd); // ERSPAN III
    else if (type === 0x880b) this.#ppp(p, end, sentEnd);
    else if ((type & 0xfe0f) === 0x8200 || type === 0x9000) this.#wlan(p, end, sentEnd); // Aruba
    else this.#etherType(type, p, end, sentEnd);
  }

  #udpTunnel(packet: FlowPacket): void {
    if (++this.#depth > MAX_DEPTH) return;
    this.#goOn(packet);
    const b = packet.bytes;
    const at = packet.payloadAt;
    const end = packet.payloadEnd;
    const sentEnd = packet.payloadWireEnd;
    const port = isTunnelPort(packet.dstPort) ? packet.dstPort : packet.srcPort;
    if (port === 4789) {
      if (end - at > 8 && (b[at] & 0x08) !== 0) this.#ethernet(at + 8, end, sentEnd);
    } else if (port === 6081) {
      if (end - at > 8 && b[at] >> 6 === 0) {
        const inner = at + 8 + ((b[at] & 0x3f) << 2);
        const type = u16be(b, at + 2);
        if (type === 0x6558) this.#ethernet(inner, end, sentEnd);
        else this.#etherType(type, inner, end, sentEnd);
      }
    } else if (port === 2152) this.#gtpUser(at, end, sentEnd);
    else if (port === 4754) this.#gre(at, end, sentEnd);
    else if (port === 3544) this.#teredo(at, end, sentEnd);
    else if (end - at > 8) {
      // AYIYA: lengths in the first byte are powers of two and of four.
      const inner = at + 8 + (1 << (b[at] >> 4)) + ((b[at + 1] >> 4) << 2);
      if (b[at + 3] === IPV6_IN_IP || b[at + 3] === IPIP) this.#rawIp(inner, end, sentEnd);
    }
    this.#depth--;
  }

  /** 3GPP TS 29.281 §5: a G-PDU carries an IP packet. */
  #gtpUser(at: number, end: number, sentEnd: number): void {
    const b = this.#packet.bytes;
    if (end - at < 8 || b[at] >> 4 !== 3 || b[at + 1] !== 0xff) return;
    let p = at + 8;
    if ((b[at] & 7) !== 0) {
      let extension = b[p + 3];
      p += 4;
      for (let hops = 0; extension !== 0 && hops < 8 && p < end; hops++) {
        const length = b[p] << 2;
        if (length === 0) return;
        extension = b[p + length - 1];
        p += length;
      }
    }
    this.#rawIp(p, end, sentEnd);
  }

  #teredo(at: number, end: number, sentEnd: number): void {
    const b = this.#packet.bytes;
    let p = at;
    if (end - p > 4 && b[p] === 0 && b[p + 1] === 1) p += 13 + b[p + 2] + b[p + 3];
    if (end - p > 8 && b[p] === 0 && b[p + 1] === 0) p += 8;
    if (end - p >= 40 && b[p] >> 4 === 6 && p + 40 + u16be(b, p + 4) <= sentEnd) this.#ipv6(p, end, sentEnd);
  }
}
