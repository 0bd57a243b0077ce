import * as flowRow from './flow-row.ts';
import type { FlowEndReason } from '../model/index.ts';
import { FlowPacket } from './flow-packet.ts';
import { FlowTable } from './flow-table.ts';
import * as flowTable from './flow-table.ts';
import type { PacketSink } from './header-walk.ts';
import * as icmpPairs from './icmp-pairs.ts';
import * as serverPorts from './server-ports.ts';
import type { FlagPlaces } from './tcp-endpoint.ts';
import * as tcpEndpoint from './tcp-endpoint.ts';
import * as tcpStates from './tcp-state.ts';
import * as transports from './transports.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const {
  ACK_SEQ, CLOSED, CONTINUED, COUNTS, FIRST_FRAME, FIRST_NANOS, FIRST_SECONDS, FLAGS, FLIPPED, HIGH_IS_ORIGINATOR, HISTORY,
  IP_BYTES, IP_BYTES_HIGH, LAST_FRAME, LAST_NANOS, LAST_SECONDS, LEVEL_SHIFT, MOVED_NANOS, MOVED_SECONDS, NEXT_SEQ, ONE_WAY,
  PACKETS, PAYLOAD_BYTES, PAYLOAD_HIGH, PROTO_MASK, RESET, ROW_SHIFT, START_SEQ, addBytes,
} = flowRow;
const { fold } = flowTable;
const { ICMP, ICMPV6, TCP, UDP } = transports;
const { icmpAnswer } = icmpPairs;
const { isLikelyTcpServer, isLikelyUdpServer } = serverPorts;
const { endpointState, tcpSegment } = tcpEndpoint;
const { ACK, FIN, HAS_CLOSED, INACTIVE, RST, SYN, SYN_SENT } = tcpStates;

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
  /** Packets are counted in batches, so that their bytes must stay as they are until `flush`; otherwise each one at once. */
  readonly batched?: boolean;
}

/** Packets of a batch: enough for their waits for memory to overlap, few enough for their heads to stay in the nearest cache. */
const BATCH = 32;

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
  /** A flow that was quiet for less than this many seconds has not timed out, whichever it is. */
  readonly #surelyAlive: number;
  readonly #linger: number;
  readonly #active: number;
  readonly #budget: number;
  readonly #batch: number;
  readonly #queue: FlowPacket[];
  #queued = 0;
  /** Means nothing: see `flush`. */
  touched = 0;
  /** Packets from this second on sweep first. */
  #nextSweep = 0;
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
    this.#surelyAlive = Math.min(this.#attempt, this.#otherIdle + 1, this.#tcpIdle);
    this.#linger = options.lingerSeconds ?? 5;
    this.#active = options.activeSeconds ?? 0;
    this.#budget = options.sweepBudget ?? Number.MAX_SAFE_INTEGER;
    this.#batch = options.batched === true ? BATCH : 1;
    this.#queue = Array.from({ length: BATCH }, () => new FlowPacket());
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

  next(): FlowPacket {
    return this.#queue[this.#queued];
  }

  packet(p: FlowPacket): void {
    this.packets++;
    p.marked = this.marking;
    if (p.keyed === true) {
      p.oneWay = false;
      p.hash = this.table.hash4(p.low, p.high, p.ports, p.ipProto);
      p.candidate = -1;
    } else this.#setKey(p);
    if (++this.#queued >= this.#batch) this.flush();
  }

  /** Counts the packets that wait for their batch to be full. Due before their bytes change, and before anybody looks at the table. */
  flush(): void {
    const queue = this.#queue;
    const count = this.#queued;
    this.#queued = 0;
    const { table } = this;
    const { words } = table;
    // Cache lines are asked for all at once, where one look-up after the other would wait for each: first those of the index, without
    // a branch that would wait for them, then those of the rows. The sum is kept, so that the reads are not optimised away.
    let touched = 0;
    for (let i = 0; i < count; i++) touched ^= table.indexAt(queue[i].hash);
    for (let i = 0; i < count; i++) queue[i].candidate = table.candidate(queue[i].hash);
    for (let i = 0; i < count; i++) {
      const row = queue[i].candidate << ROW_SHIFT;
      if (row < 0) continue;
      touched ^= words[row];
      if (queue[i].ipProto === TCP) touched ^= words[row + START_SEQ];
    }
    this.touched = touched;
    for (let i = 0; i < count; i++) this.#take(queue[i]);
  }

  /** Tells the time where packets do not: live capture calls it while the wire is silent. */
  tick(seconds: number): void {
    this.flush();
    this.#tick(seconds);
  }

  #tick(seconds: number): void {
    if (seconds > this.now) this.now = seconds;
    // What the budget left over is swept with the next packet.
    this.#nextSweep = this.table.sweep(this.now, this.#budget, this.#deadlineOf, this.#endIdle) ? this.now + 1 : 0;
  }

  /** Ends every flow, in the order in which they began. */
  finish(reason: FlowEndReason): void {
    this.flush();
    this.table.drain((slot) => this.#end(slot, this.#isFinished(slot) ? this.#endedBy(slot) : reason));
    this.now = 0;
    this.#nextSweep = 0;
  }

  /** Sets the key under which the table knows the packet's flow. */
  #setKey(p: FlowPacket): void {
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
    const s = p.srcAt;
    const d = p.dstAt;
    let dir: 0 | 1 = 0;
    if (p.ipVersion === 4) {
      const src = (b[s] << 24) | (b[s + 1] << 16) | (b[s + 2] << 8) | b[s + 3];
      const dst = (b[d] << 24) | (b[d + 1] << 16) | (b[d + 2] << 8) | b[d + 3];
      if (src >>> 0 > dst >>> 0 || (src === dst && srcPort > dstPort)) dir = 1;
      p.low = dir === 0 ? src : dst;
      p.high = dir === 0 ? dst : src;
    } else {
      const order = compare16(b, s, d);
      if (order > 0 || (order === 0 && srcPort > dstPort)) dir = 1;
      p.low = fold(b, dir === 0 ? s : d);
      p.high = fold(b, dir === 0 ? d : s);
    }
    // A one-way type keeps its direction in the key: type and code are below 256.
    const ports = oneWay ? (dir << 31) | (srcPort << 16) | dstPort : dir === 0 ? (srcPort << 16) | dstPort : (dstPort << 16) | srcPort;
    p.dir = dir;
    p.oneWay = oneWay;
    p.ports = ports;
    p.hash = p.ipVersion === 4 ? this.table.hash4(p.low, p.high, ports, proto) : this.table.hash6(p.low, p.high, ports, proto);
    p.candidate = -1;
  }

  #take(p: FlowPacket): void {
    if (p.seconds >= this.#nextSweep) this.#tick(p.seconds);
    const { table } = this;
    const { words } = table;
    const { dir } = p;
    let slot = p.candidate;
    if (slot < 0 || (p.ipVersion === 4 ? table.holds4(slot, p.low, p.high, p.ports, p.ipProto) : this.#holds6(slot, p)) !== true) slot = this.#find(p);
    if (slot >= 0) {
      const row = slot << ROW_SHIFT;
      // Most packets come to a flow that cannot be over: only the others are looked at closely.
      if (
        ((p.seconds - words[row + LAST_SECONDS]) | 0) >= this.#surelyAlive || (words[row + FLAGS] & (CLOSED | RESET)) !== 0 ||
        (p.tcpFlags & (SYN | ACK | RST | FIN)) === SYN || this.#active > 0
      ) if (this.#isOver(slot, p, dir)) slot = -1;
    }
    if (slot < 0) slot = this.#add(p);
    if (p.marked === true) this.#marks[slot] = 1;

    const row = slot << ROW_SHIFT;
    words[row + PACKETS + dir]++;
    addBytes(words, row + IP_BYTES + dir, row + IP_BYTES_HIGH + dir, p.ipLen);
    words[row + LAST_FRAME] = p.frame | 0;
    // A packet that was written late does not turn the clock back.
    const later = (p.seconds - words[row + LAST_SECONDS]) | 0;
    if (later > 0 || (later === 0 && (p.nanoseconds | 0) > words[row + LAST_NANOS])) {
      words[row + LAST_SECONDS] = p.seconds | 0;
      words[row + LAST_NANOS] = p.nanoseconds | 0;
    }
    const proto = p.ipProto;
    if (proto === UDP) {
      addBytes(words, row + PAYLOAD_BYTES + dir, row + PAYLOAD_HIGH + dir, p.payloadWireEnd - p.payloadAt);
      if (this.#payload !== undefined) this.#payload.datagram(slot, dir, p);
    } else if (proto === TCP) this.#segment(slot, p, dir);
    else if (proto === ICMP || proto === ICMPV6) {
      addBytes(words, row + PAYLOAD_BYTES + dir, row + PAYLOAD_HIGH + dir, p.payloadWireEnd - Math.min(p.l4At + 8, p.payloadWireEnd));
    }
  }

  #segment(slot: number, p: FlowPacket, dir: 0 | 1): void {
    const { words, unsigned } = this.table;
    const row = slot << ROW_SHIFT;
    const before = words[row + FLAGS];
    const fromOriginator = ((before & HIGH_IS_ORIGINATOR) !== 0 ? 1 : 0) === dir;
    tcpSegment(words, unsigned, slot, p, p.payloadWireEnd - p.payloadAt, fromOriginator, this.#places);
    // Once both sides have closed, what still comes (the last acknowledgement, resets) is not the flow's duration.
    if ((before & CLOSED) === 0) {
      words[row + MOVED_SECONDS] = p.seconds | 0;
      words[row + MOVED_NANOS] = p.nanoseconds | 0;
    }
    if (this.#payload !== undefined) this.#payload.segment(slot, dir, p, p.tcpFlags);
    if (((words[row + FLAGS] ^ before) & (CLOSED | RESET)) !== 0) this.table.move(slot, this.#deadline(slot));
  }

  #holds6(slot: number, p: FlowPacket): boolean {
    return this.table.holds6(slot, p.low, p.high, p.bytes, p.dir === 0 ? p.srcAt : p.dstAt, p.dir === 0 ? p.dstAt : p.srcAt, p.ports, p.ipProto);
  }

  #find(p: FlowPacket): number {
    if (p.ipVersion === 4) return this.table.find4(p.low, p.high, p.ports, p.ipProto, p.hash);
    return this.table.find6(p.low, p.high, p.bytes, p.dir === 0 ? p.srcAt : p.dstAt, p.dir === 0 ? p.dstAt : p.srcAt, p.ports, p.ipProto, p.hash);
  }

  /** Takes a slot for the flow that the packet begins. */
  #add(p: FlowPacket): number {
    if (this.table.isFull) {
      this.evicted++;
      this.table.evict(this.#deadlineOf, this.#endEvicted);
    }
    const deadline = p.seconds + (p.ipProto === TCP ? this.#attempt : this.#otherIdle) + 1;
    const slot = p.ipVersion === 4
      ? this.table.add4(p.low, p.high, p.ports, p.ipProto, p.hash, deadline)
      : this.table.add6(p.low, p.high, p.bytes, p.dir === 0 ? p.srcAt : p.dstAt, p.dir === 0 ? p.dstAt : p.srcAt, p.ports, p.ipProto, p.hash, deadline);
    this.#begin(slot, p, p.dir);
    return slot;
  }

  #begin(slot: number, p: FlowPacket, dir: 0 | 1): void {
    this.flows++;
    const words = this.table.words;
    const row = slot << ROW_SHIFT;
    if (p.frame === this.#levelFrame) this.#level = Math.min(15, this.#level + 1);
    else {
      this.#levelFrame = p.frame;
      this.#level = 0;
    }
    words[row + FIRST_SECONDS] = p.seconds | 0;
    words[row + FIRST_NANOS] = p.nanoseconds | 0;
    words[row + LAST_SECONDS] = p.seconds | 0;
    words[row + LAST_NANOS] = p.nanoseconds | 0;
    words[row + FIRST_FRAME] = p.frame | 0;
    const flipped = isAnswer(p);
    const originator = flipped ? dir ^ 1 : dir;
    words[row + FLAGS] |= (originator === 1 ? HIGH_IS_ORIGINATOR : 0) | (flipped ? FLIPPED : 0) | (p.oneWay ? ONE_WAY : 0) | (this.#level << LEVEL_SHIFT);
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
      if ((p.tcpFlags & (SYN | ACK | RST | FIN)) === SYN && this.#isReused(row, dir, p)) return this.#endAndRemove(slot, this.#endedBy(slot));
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
    return words[row + START_SEQ + dir] !== p.seq;
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

  /** Writes the record so far and begins the next one of the same flow: sequence numbers and states go on, counts begin anew. */
  #continue(slot: number, p: FlowPacket): void {
    this.#sink.flowEnded(slot, 'active_timeout');
    const { words } = this.table;
    const row = slot << ROW_SHIFT;
    for (let d = 0; d < 2; d++) {
      words[row + PACKETS + d] = 0;
      words[row + IP_BYTES + d] = 0;
      words[row + IP_BYTES_HIGH + d] = 0;
      words[row + COUNTS + d] = 0;
      if ((words[row + FLAGS] & PROTO_MASK) === TCP) {
        // One below, where the SYN would have been.
        const acked = words[row + ACK_SEQ + d];
        const next = words[row + NEXT_SEQ + d];
        words[row + START_SEQ + d] = (((acked - next) | 0) > 0 ? acked : next) - 1;
      } else {
        words[row + PAYLOAD_BYTES + d] = 0;
        words[row + PAYLOAD_HIGH + d] = 0;
      }
    }
    for (let i = 0; i < 3; i++) words[row + HISTORY + i] = 0;
    words[row + FIRST_SECONDS] = p.seconds | 0;
    words[row + FIRST_NANOS] = p.nanoseconds | 0;
    words[row + FIRST_FRAME] = p.frame | 0;
    words[row + FLAGS] |= CONTINUED;
    this.missed[slot] = 0;
  }
}

/** True where the first packet of a flow looks like an answer, so that its receiver is the originator. */
function isAnswer(p: FlowPacket): boolean {
  if (p.ipProto === UDP) return isLikelyUdpServer(p.srcPort) && !isLikelyUdpServer(p.dstPort) && !isGroup(p);
  if (p.ipProto !== TCP) return false;
  const flags = p.tcpFlags & (SYN | ACK | FIN | RST);
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
