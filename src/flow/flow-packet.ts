/**
 * What the flow meter reads of a packet: the registers of `PacketView` that a flow needs, for one network layer, and the flow's key.
 *
 * Reused: the header walk fills it, the meter reads it and gives it back. Offsets are into `bytes`.
 */
export class FlowPacket {
  bytes: Uint8Array;
  /** Says without a look at `bytes` whether they are those of the frame before: less to do for most packets. */
  slab: number;
  /** Frame number from 1 and capture time. */
  frame: number;
  seconds: number;
  nanoseconds: number;
  /** 4 or 6. Addresses are bytes at `srcAt` and `dstAt`. */
  ipVersion: number;
  srcAt: number;
  dstAt: number;
  ipProto: number;
  /** IP total length as sent. */
  ipLen: number;
  /** Ports; ICMP: type and code; others 0. */
  srcPort: number;
  dstPort: number;
  l4At: number;
  /** TCP: flags (0 for all others), sequence and acknowledgement number as signed 32 bits. */
  tcpFlags: number;
  seq: number;
  ack: number;
  payloadAt: number;
  /** Captured and sent end of the payload. */
  payloadEnd: number;
  payloadWireEnd: number;
  /** Start of the Ethernet header, -1 where there is none. */
  ethAt: number;
  vlanCount: number;
  readonly vlans: Uint16Array;

  // The key in the flow table, by the meter: lower endpoint first, IPv6 addresses folded.
  /** True where low, high, ports and dir are set. */
  keyed: boolean;
  low: number;
  high: number;
  ports: number;
  hash: number;
  /** 1 where the higher endpoint sent the packet. */
  dir: 0 | 1;
  /** An ICMP message without an answer. */
  oneWay: boolean;
  marked: boolean;
  /** Slot of a flow that has the same hash, or -1: found ahead, to be checked. */
  candidate: number;

  constructor() {
    this.bytes = NO_BYTES;
    this.slab = -1;
    this.frame = 0;
    this.seconds = 0;
    this.nanoseconds = 0;
    this.ipVersion = 0;
    this.srcAt = 0;
    this.dstAt = 0;
    this.ipProto = 0;
    this.ipLen = 0;
    this.srcPort = 0;
    this.dstPort = 0;
    this.l4At = 0;
    this.tcpFlags = 0;
    this.seq = 0;
    this.ack = 0;
    this.payloadAt = 0;
    this.payloadEnd = 0;
    this.payloadWireEnd = 0;
    this.ethAt = -1;
    this.vlanCount = 0;
    this.vlans = new Uint16Array(4);
    this.keyed = false;
    this.low = 0;
    this.high = 0;
    this.ports = 0;
    this.hash = 0;
    this.dir = 0;
    this.oneWay = false;
    this.marked = false;
    this.candidate = -1;
  }

  /** Takes over what all packets of one frame share. */
  inherit(from: FlowPacket): void {
    this.bytes = from.bytes;
    this.slab = -1;
    this.frame = from.frame;
    this.seconds = from.seconds;
    this.nanoseconds = from.nanoseconds;
    this.ethAt = from.ethAt;
    this.vlanCount = from.vlanCount;
    this.vlans.set(from.vlans);
  }
}

const NO_BYTES = new Uint8Array(0);
