import {
  ACK_SEQ, CLOSED, CONTINUED, FIRST_FRAME, FIRST_NANOS, FIRST_SECONDS, FLAGS, FLIPPED, HIGH_IS_ORIGINATOR, IP_BYTES, LAST_FRAME,
  LAST_NANOS, LAST_SECONDS, LEVEL_SHIFT, MOVED_NANOS, MOVED_SECONDS, NEXT_SEQ, ONE_WAY, PACKETS, PAYLOAD_BYTES, PROTO_MASK, RESET,
  ROW_SHIFT, HISTORY, COUNTS, START_SEQ,
} from './flow-row.ts';
import type { FlowEndReason } from '../model/index.ts';
import { FlowTable } from './flow-table.ts';
import { ICMP, ICMPV6, TCP, UDP, type FlowPacket, type PacketSink } from './header-walk.ts';
import { icmpAnswer } from './icmp-pairs.ts';
import { isLikelyTcpServer, isLikelyUdpServer } from './server-ports.ts';
import {
  ACK, FIN, HAS_CLOSED, INACTIVE, RST, SYN, SYN_SENT, endpointState, tcpSegment, type FlagPlaces,
} from './tcp-endpoint.ts';

export interface FlowMeterOptions {
  /** Flows at once; above it the one that is due first is ended (`evicted`). */
  readonly maxFlows: number;
  /** Of the hash: random for live traffic, fixed for replay. */
  readonly seed: number;
  /** Seconds without a packet until a flow ends. */
  readonly tcpIdleSeconds?: number;
  readonly otherIdleSeconds?: number;
  /** A SYN without an answer is given up after this. */
  readonly attemptSeconds?: number;
  /** What follows the end of a TCP connection within this belongs to it. */
  readonly lingerSeconds?: number;
  /** Live: a flow's record is written this often while it lasts; 0 = never. */
  readonly activeSeconds?: number;
  /** Rows that one packet may look at while sweeping: bounds the longest step in live capture. */
  readonly sweepBudget?: number;
}

/** Takes the flows that ended; the row is valid during the call. */
export interface FlowSink {
  flowEnded(slot: number, reason: FlowEndReason): void;
}

/** Takes the payload of flows, where somebody wants it. */
export interface PayloadSink {
  /** Segment of direction `dir` of a TCP flow; `flags` are its TCP flags. Returns true where all of its data was there before. */
  segment(slot: number, dir: number, p: FlowPacket, flags: number): boolean;
  datagram(slot: number, dir: number, p: FlowPacket): void;
  /** The flow ends: nothing more will come under this slot. */
  end(slot: number): void;
}

/**
 * Counts packets into flows, both directions together, in Zeek's meanings (conn.log).
 *
 * Allocates nothing a packet. Time comes from the packets: a flow is over once it was idle for its timeout on their clock, whether
 * or not anybody has swept since, so what a flow holds does not depend on when sweeps happen.
 */
export class FlowMeter implements PacketSink {
  readonly table: FlowTable;
  /** Bytes of direction 0 and 1 that are missing: by slot, set by whoever orders the payload. */
  readonly missed: Float64Array;
  /** MAC addresses (source, destination of the first packet) as six words of 16 bits, and two VLAN ids: 8 a slot. */
  readonly link: Uint16Array;

  /** Set while a packet is at hand that somebody chose: its flows are marked. */
  marking = false;
  packets = 0;
  flows = 0;
  evicted = 0;
  /** The packets' clock, seconds; it does not go back. */
  now = 0;

  readonly #marks: Uint8Array;
  readonly #sink: FlowSink;
  readonly #payload: PayloadSink | undefined;
  readonly #places: FlagPlaces;
  readonly #tcpIdle: number;
  readonly #otherIdle: number;
  readonly #attempt: number;
  readonly #linger: number;
  readonly #active: number;
  readonly #budget: number;
  #swept = true;
  #levelFrame = -1;
  #level = 0;
  readonly #deadlineOf: (slot: number) => number;
  readonly #endIdle: (slot: number) => void;
  readonly #endEvicted: (slot: number) => void;

  constructor(sink: FlowSink, options: FlowMeterOptions, payload?: PayloadSink) {
    this.table = new FlowTable(options.maxFlows, options.seed);
    this.missed = new Float64Array(options.maxFlows);
    this.link = new Uint16Array(options.maxFlows * 8);
    this.#places = { fin: new Uint32Array(options.maxFlows * 2), rst: new Uint32Array(options.maxFlows * 2) };
    this.#marks = new Uint8Array(options.maxFlows);
    this.#sink = sink;
    this.#payload = payload;
    this.#tcpIdle = options.tcpIdleSeconds ?? 300;
    this.#otherIdle = options.otherIdleSeconds ?? 60;
    this.#attempt = options.attemptSeconds ?? 5;
    this.#linger = options.lingerSeconds ?? 5;
    this.#active = options.activeSeconds ?? 0;
    this.#budget = options.sweepBudget ?? Number.MAX_SAFE_INTEGER;
    this.#deadlineOf = (slot) => this.#deadline(slot);
    this.#endIdle = (slot) => this.#end(slot, this.#endedBy(slot));
    this.#endEvicted = (slot) => this.#end(slot, 'evicted');
  }

  /** Direction (0 or 1) of the originator. */
  originator(slot: number): 0 | 1 {
    return (this.table.words[(slot << ROW_SHIFT) + FLAGS] & HIGH_IS_ORIGINATOR) !== 0 ? 1 : 0;
  }

  /** True where a packet of this flow came while `marking`. */
  isMarked(slot: number): boolean {
    return this.#marks[slot] === 1;
  }

  packet(p: FlowPacket): void {
    this.packets++;
    if (p.seconds > this.now || !this.#swept) this.tick(p.seconds);
    const proto = p.ipProto;
    const b = p.bytes;
    const srcPort = p.srcPort;
    let dstPort = p.dstPort;
    let oneWay = false;
    if (proto === ICMP || proto === ICMPV6) {
      const answer = icmpAnswer(proto, srcPort);
      if (answer < 0) oneWay = true;
      else dstPort = answer;
    }
    const table = this.table;
    let dir: 0 | 1 = 0;
    let slot: number;
    if (p.ipVersion === 4) {
      const s = p.srcAt;
      const d = p.dstAt;
      let low = (b[s] << 24) | (b[s + 1] << 16) | (b[s + 2] << 8) | b[s + 3];
      let high = (b[d] << 24) | (b[d + 1] << 16) | (b[d + 2] << 8) | b[d + 3];
      let ports = (srcPort << 16) | dstPort;
      if (low >>> 0 > high >>> 0 || (low === high && srcPort > dstPort)) {
        const swap = low;
        low = high;
        high = swap;
        ports = (dstPort << 16) | srcPort;
        dir = 1;
      }
      // A one-way type keeps its direction in the key: type and code are below 256.
      if (oneWay) ports = (dir << 31) | (srcPort << 16) | dstPort;
      slot = table.find4(low, high, ports, proto);
      if (slot >= 0 && this.#isOver(slot, p, dir)) slot = -1;
      if (slot < 0) {
        this.#makeRoom();
        slot = table.add4(low, high, ports, proto, p.seconds + (proto === TCP ? this.#attempt : this.#otherIdle) + 1);
        this.#begin(slot, p, dir, oneWay);
      }
    } else {
      let lowAt = p.srcAt;
      let highAt = p.dstAt;
      let ports = (srcPort << 16) | dstPort;
      const order = compare16(b, lowAt, highAt);
      if (order > 0 || (order === 0 && srcPort > dstPort)) {
        lowAt = p.dstAt;
        highAt = p.srcAt;
        ports = (dstPort << 16) | srcPort;
        dir = 1;
      }
      if (oneWay) ports = (dir << 31) | (srcPort << 16) | dstPort;
      slot = table.find6(b, lowAt, highAt, ports, proto);
      if (slot >= 0 && this.#isOver(slot, p, dir)) slot = -1;
      if (slot < 0) {
        this.#makeRoom();
        slot = table.add6(b, lowAt, highAt, ports, proto, p.seconds + (proto === TCP ? this.#attempt : this.#otherIdle) + 1);
        this.#begin(slot, p, dir, oneWay);
      }
    }
    if (this.marking) this.#marks[slot] = 1;
    this.#count(slot, p, dir, proto);
  }

  /** Tells the time where packets do not: live capture calls it while the wire is silent. */
  tick(seconds: number): void {
    if (seconds > this.now) this.now = seconds;
    this.#swept = this.table.sweep(this.now, this.#budget, this.#deadlineOf, this.#endIdle);
  }

  /** Ends every flow, in the order in which they began. */
  finish(reason: FlowEndReason): void {
    this.table.drain((slot) => this.#end(slot, this.#isFinished(slot) ? this.#endedBy(slot) : reason));
    this.now = 0;
    this.#swept = true;
  }

  #count(slot: number, p: FlowPacket, dir: 0 | 1, proto: number): void {
    const { words, doubles, unsigned } = this.table;
    const row = slot << ROW_SHIFT;
    words[row + PACKETS + dir]++;
    doubles[(row >> 1) + IP_BYTES + dir] += p.ipLen;
    words[row + LAST_FRAME] = p.frame;
    // A packet that was written late does not turn the clock back.
    const later = p.seconds - unsigned[row + LAST_SECONDS];
    if (later > 0 || (later === 0 && p.nanoseconds > words[row + LAST_NANOS])) {
      words[row + LAST_SECONDS] = p.seconds;
      words[row + LAST_NANOS] = p.nanoseconds;
    }
    if (proto === TCP) {
      const flags = p.bytes[p.l4At + 13];
      const before = words[row + FLAGS];
      const fromOriginator = ((before & HIGH_IS_ORIGINATOR) !== 0 ? 1 : 0) === dir;
      tcpSegment(words, unsigned, slot, dir, p.bytes, p.l4At, p.payloadWireEnd - p.payloadAt, fromOriginator, this.#places);
      // Once both sides have closed, what still comes (the last acknowledgement, resets) is not the flow's duration.
      if ((before & CLOSED) === 0) {
        words[row + MOVED_SECONDS] = p.seconds;
        words[row + MOVED_NANOS] = p.nanoseconds;
      }
      if (this.#payload !== undefined) this.#payload.segment(slot, dir, p, flags);
      if (((words[row + FLAGS] ^ before) & (CLOSED | RESET)) !== 0) this.table.move(slot, this.#deadline(slot));
      return;
    }
    if (proto === UDP || proto === ICMP || proto === ICMPV6) {
      doubles[(row >> 1) + PAYLOAD_BYTES + dir] += p.payloadWireEnd - (proto === UDP ? p.payloadAt : Math.min(p.l4At + 8, p.payloadWireEnd));
      if (proto === UDP && this.#payload !== undefined) this.#payload.datagram(slot, dir, p);
    }
  }

  #begin(slot: number, p: FlowPacket, dir: 0 | 1, oneWay: boolean): void {
    this.flows++;
    const words = this.table.words;
    const row = slot << ROW_SHIFT;
    if (p.frame === this.#levelFrame) this.#level = Math.min(15, this.#level + 1);
    else {
      this.#levelFrame = p.frame;
      this.#level = 0;
    }
    words[row + FIRST_SECONDS] = p.seconds;
    words[row + FIRST_NANOS] = p.nanoseconds;
    words[row + LAST_SECONDS] = p.seconds;
    words[row + LAST_NANOS] = p.nanoseconds;
    words[row + FIRST_FRAME] = p.frame;
    const flipped = isAnswer(p);
    const originator = flipped ? dir ^ 1 : dir;
    words[row + FLAGS] |= (originator === 1 ? HIGH_IS_ORIGINATOR : 0) | (flipped ? FLIPPED : 0) | (oneWay ? ONE_WAY : 0) | (this.#level << LEVEL_SHIFT);
    if (this.missed[slot] !== 0) this.missed[slot] = 0;
    if (this.#marks[slot] !== 0) this.#marks[slot] = 0;
    const at = slot * 8;
    const link = this.link;
    link[at + 6] = p.vlanCount > 0 ? p.vlans[0] + 1 : 0;
    link[at + 7] = p.vlanCount > 1 ? p.vlans[1] + 1 : 0;
    if (p.ethAt >= 0) {
      const b = p.bytes;
      for (let i = 0; i < 6; i++) link[at + i] = (b[p.ethAt + 2 * i] << 8) | b[p.ethAt + 2 * i + 1];
    } else for (let i = 0; i < 6; i++) link[at + i] = 0;
  }

  /** Ends the flow that the packet met if it was over before the packet came; true where it did. */
  #isOver(slot: number, p: FlowPacket, dir: 0 | 1): boolean {
    const { words, unsigned } = this.table;
    const row = slot << ROW_SHIFT;
    const flags = words[row + FLAGS];
    const idle = p.seconds - unsigned[row + LAST_SECONDS];
    if ((flags & PROTO_MASK) === TCP) {
      if (((flags & (CLOSED | RESET)) !== 0 || idle >= this.#attempt) && p.seconds >= this.#deadline(slot)) return this.#endAndRemove(slot, this.#endedBy(slot));
      if ((p.bytes[p.l4At + 13] & (SYN | ACK | RST | FIN)) === SYN && this.#isReused(row, dir, p)) return this.#endAndRemove(slot, this.#endedBy(slot));
    } else if (idle > this.#otherIdle) return this.#endAndRemove(slot, 'idle_timeout');
    if (this.#active > 0 && p.seconds - unsigned[row + FIRST_SECONDS] >= this.#active) this.#continue(slot, p);
    return false;
  }

  /** A SYN with another sequence number after either side has closed or reset begins a new connection on the same ports. */
  #isReused(row: number, dir: 0 | 1, p: FlowPacket): boolean {
    const words = this.table.words;
    const own = endpointState(words, row, dir);
    const other = endpointState(words, row, dir ^ 1);
    if (own < HAS_CLOSED && other < HAS_CLOSED) return false;
    const b = p.bytes;
    const at = p.l4At + 4;
    const seq = (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
    return words[row + START_SEQ + dir] !== seq;
  }

  /** Second in which the flow is over unless something comes. */
  #deadline(slot: number): number {
    const { words, unsigned } = this.table;
    const row = slot << ROW_SHIFT;
    const flags = words[row + FLAGS];
    const last = unsigned[row + LAST_SECONDS] + 1;
    if ((flags & PROTO_MASK) !== TCP) return last + this.#otherIdle;
    if ((flags & (CLOSED | RESET)) !== 0) return last + this.#linger;
    const low = endpointState(words, row, 0);
    const high = endpointState(words, row, 1);
    if ((low === SYN_SENT && high === INACTIVE) || (high === SYN_SENT && low === INACTIVE)) return unsigned[row + FIRST_SECONDS] + 1 + this.#attempt;
    return last + this.#tcpIdle;
  }

  #isFinished(slot: number): boolean {
    return (this.table.words[(slot << ROW_SHIFT) + FLAGS] & (CLOSED | RESET)) !== 0;
  }

  #endedBy(slot: number): FlowEndReason {
    const flags = this.table.words[(slot << ROW_SHIFT) + FLAGS];
    return (flags & RESET) !== 0 ? 'reset' : (flags & CLOSED) !== 0 ? 'closed' : 'idle_timeout';
  }

  #endAndRemove(slot: number, reason: FlowEndReason): true {
    this.#end(slot, reason);
    this.table.remove(slot);
    return true;
  }

  #end(slot: number, reason: FlowEndReason): void {
    this.#payload?.end(slot);
    this.#sink.flowEnded(slot, reason);
  }

  #makeRoom(): void {
    if (!this.table.isFull) return;
    this.evicted++;
    this.table.evict(this.#deadlineOf, this.#endEvicted);
  }

  /** Writes the record so far and begins the next one of the same flow: sequence numbers and states go on, counts begin anew. */
  #continue(slot: number, p: FlowPacket): void {
    this.#sink.flowEnded(slot, 'active_timeout');
    const { words, doubles } = this.table;
    const row = slot << ROW_SHIFT;
    for (let d = 0; d < 2; d++) {
      words[row + PACKETS + d] = 0;
      doubles[(row >> 1) + IP_BYTES + d] = 0;
      words[row + COUNTS + d] = 0;
      if ((words[row + FLAGS] & PROTO_MASK) === TCP) {
        // One below, where the SYN would have been.
        const acked = words[row + ACK_SEQ + d];
        const next = words[row + NEXT_SEQ + d];
        words[row + START_SEQ + d] = (((acked - next) | 0) > 0 ? acked : next) - 1;
      } else doubles[(row >> 1) + PAYLOAD_BYTES + d] = 0;
    }
    for (let i = 0; i < 3; i++) words[row + HISTORY + i] = 0;
    words[row + FIRST_SECONDS] = p.seconds;
    words[row + FIRST_NANOS] = p.nanoseconds;
    words[row + FIRST_FRAME] = p.frame;
    words[row + FLAGS] |= CONTINUED;
    this.missed[slot] = 0;
  }
}

/** True where the first packet of a flow looks like an answer, so that its receiver is the originator. */
function isAnswer(p: FlowPacket): boolean {
  if (p.ipProto === UDP) return isLikelyUdpServer(p.srcPort) && !isLikelyUdpServer(p.dstPort) && !isGroup(p);
  if (p.ipProto !== TCP) return false;
  const flags = p.bytes[p.l4At + 13] & (SYN | ACK | FIN | RST);
  if (flags === (SYN | ACK)) return true;
  return (flags & SYN) === 0 && isLikelyTcpServer(p.srcPort) && !isLikelyTcpServer(p.dstPort);
}

/** A multicast or the broadcast address cannot have asked. */
function isGroup(p: FlowPacket): boolean {
  const first = p.bytes[p.dstAt];
  return p.ipVersion === 4 ? first >= 224 : first === 0xff;
}

function compare16(b: Uint8Array, x: number, y: number): number {
  for (let i = 0; i < 16; i++) if (b[x + i] !== b[y + i]) return b[x + i] - b[y + i];
  return 0;
}
