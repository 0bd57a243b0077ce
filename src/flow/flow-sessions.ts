import type { Host } from '../base/host.ts';
import type { IpHex } from '../base/ip.ts';
import { nanosOf, type Nanos } from '../base/time.ts';
import { PROTOCOL_SCHEMA, recordId, type AnomalyRecord, type FileRecord, type ProtocolRecord, type RecordId, type RecordSource } from '../model/index.ts';
import * as segmentResults from '../stream/segment-results.ts';
import { TcpOrder, type GapReason, type StreamSink } from '../stream/tcp-order.ts';
import { NO_FILE, type ClearCredential, type FileHead, type FileSink, type Session, type SessionContext, type SessionDefinition, type SessionRecord } from '../wire/session.ts';
import { FileCollector, type FileOptions } from './file-collector.ts';
import type { FlowMeter, PayloadSink } from './flow-meter.ts';
import { endsOf, flowIdOf, type FlowEnds } from './flow-record.ts';
import * as flowRow from './flow-row.ts';
import type { FlowPacket } from './flow-packet.ts';
import * as transports from './transports.ts';
import { SERVICE_SIGNATURES, type ServiceSignature } from './service-signatures.ts';
import * as tcpEndpoint from './tcp-endpoint.ts';
import * as tcpState from './tcp-state.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { DELIVERED, HELD, RETRANSMITTED } = segmentResults;
const { FIRST_FRAME, FLAGS, LEVEL_MASK, LEVEL_SHIFT, PROTO_MASK, ROW_SHIFT } = flowRow;
const { UDP } = transports;
const { noteGap, noteRetransmission } = tcpEndpoint;
const { FIN, SYN } = tcpState;

const TCP = 6;
const NO_SERVICES: readonly string[] = [];

// What is known of a flow's application, by slot.
const UNDECIDED = 0;
const HAS_SESSION = 1;
/** Nobody reads the payload (any more). */
const NOBODY = 2;

/** First bytes kept while the recognisers cannot say yet. */
const MAX_PREFIX_BYTES = 8192;
const MAX_PREFIX_PIECES = 16;
/** Datagrams of a flow that are offered before nobody is asked again. */
const MAX_DATAGRAM_TRIES = 4;
/** Conversations over UDP in hand at once, in a ring: the one opened this many before is ended, so that questions never push streams out. */
const MAX_DATAGRAM_SESSIONS = 4096;
/** Names of oddities kept a flow. */
const MAX_ANOMALIES = 16;
/** Announced conversations that have not begun; beyond, the oldest is forgotten. */
const MAX_EXPECTED = 1024;

export interface FlowSessionsOptions {
  readonly maxFlows: number;
  readonly host: Host;
  readonly source: RecordSource;
  readonly definitions: readonly SessionDefinition[];
  /** Conversations in hand at once (default 49,152); above it the one that was opened first is ended. */
  readonly maxSessions?: number;
  record(record: ProtocolRecord): void;
  /** Takes secrets that cross in clear text; they are forgotten where left out. */
  credential?(found: CredentialSighting): void;
  /** What is done with files that pass; nothing where left out. */
  readonly files?: FileOptions;
}

/** A secret in clear text with the conversation in which it crossed. */
export interface CredentialSighting extends ClearCredential, FlowEnds {
  readonly frame: number;
  readonly time: Nanos;
}

interface Piece {
  readonly dir: 0 | 1;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

interface Anomaly {
  count: number;
  readonly frame: number;
  lastFrame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Who knows a protocol by its first bytes, and who reads it then. */
interface Recogniser extends ServiceSignature {
  readonly parser: SessionDefinition | undefined;
}

/** Who reads a conversation that another one announced. */
interface Expected {
  readonly service: string;
  readonly create: () => Session;
}

/** A flow that somebody reads, or may read. */
class Conversation {
  readonly slot: number;
  readonly ends: FlowEnds;
  readonly id: RecordId;
  readonly firstFrame: number;
  readonly level: number;
  session: Session | undefined;
  definition: SessionDefinition | undefined;
  /** While undecided: what came so far, and who has not said no, by direction. */
  prefix: Piece[] = [];
  prefixBytes = 0;
  anomalies: Map<string, Anomaly> | undefined;

  constructor(slot: number, ends: FlowEnds, id: RecordId, firstFrame: number, level: number) {
    this.slot = slot;
    this.ends = ends;
    this.id = id;
    this.firstFrame = firstFrame;
    this.level = level;
  }
}

/**
 * Reads the payload of flows: puts TCP in order, recognises the application by its first bytes whatever the port, feeds its session
 * parser and completes the records that come out. Objects exist only for flows in conversation, up to a cap.
 */
export class FlowSessions implements PayloadSink, StreamSink, SessionContext {
  readonly host: Host;
  readonly order: TcpOrder;
  frame = 0;
  seconds = 0;
  nanoseconds = 0;

  records = 0;
  sessionsEvicted = 0;

  readonly #options: FlowSessionsOptions;
  readonly #maxSessions: number;
  readonly #tcp: readonly Recogniser[];
  readonly #udp: readonly Recogniser[];
  readonly #state: Uint8Array;
  readonly #tries: Uint8Array;
  /** Records of the flow so far: they number its ids. */
  readonly #ordinal: Uint32Array;
  /** Services recognised, by slot: an index into the lists of names, each list there once. */
  readonly #services: Uint16Array;
  readonly #serviceLists: (readonly string[])[] = [NO_SERVICES];
  readonly #open = new Map<number, Conversation>();
  /** Those of `#open` that are UDP, and some that have ended: most are over after one question and its answer, long before their flow's timeout. */
  readonly #datagrams: (Conversation | undefined)[] = [];
  #nextDatagram = 0;
  /** Conversations that others announced, by endpoint of the one that is called. */
  readonly #expected = new Map<string, Expected>();
  readonly #files: FileCollector | undefined;
  #meter: FlowMeter | undefined;
  #current: Conversation | undefined;
  #becomes: string | undefined;

  constructor(options: FlowSessionsOptions) {
    this.#options = options;
    this.host = options.host;
    this.#maxSessions = options.maxSessions ?? 49_152;
    // Where a protocol has a parser its signature finds the parser, unless it is of a relative on other ports (names of NetBIOS are `dns`).
    const parserOf = (s: ServiceSignature): SessionDefinition | undefined =>
      options.definitions.find((d) => d.service === s.service && d.transport === s.transport && d.ports.some((port) => s.ports.includes(port)));
    const all: Recogniser[] = [
      ...options.definitions.flatMap((d) => (d.recognise === undefined ? [] : [{ ...d, recognise: d.recognise, parser: d }])),
      ...SERVICE_SIGNATURES.map((s) => ({ ...s, parser: parserOf(s) })),
    ];
    this.#tcp = all.filter((d) => d.transport === 'tcp');
    this.#udp = all.filter((d) => d.transport === 'udp');
    this.#state = new Uint8Array(options.maxFlows);
    this.#services = new Uint16Array(options.maxFlows);
    this.#tries = new Uint8Array(options.maxFlows);
    this.#ordinal = new Uint32Array(options.maxFlows);
    this.#files = options.files === undefined ? undefined : new FileCollector(options.host, options.files);
    this.order = new TcpOrder(this, { maxStreams: options.maxFlows * 2 });
  }

  /** The meter whose slots are meant; set once before the first packet. */
  attach(meter: FlowMeter): void {
    this.#meter = meter;
  }

  /** Services that the flow's payload was recognised as, in order. */
  servicesOf(slot: number): readonly string[] {
    return this.#serviceLists[this.#services[slot]];
  }

  segment(slot: number, dir: number, p: FlowPacket, flags: number): boolean {
    const stream = 2 * slot + dir;
    const seq = p.seq >>> 0;
    const length = p.payloadWireEnd - p.payloadAt;
    let old = false;
    if (length > 0 || (flags & (SYN | FIN)) !== 0) {
      // What a reset carries is not the stream's.
      if ((flags & 4) === 0) {
        const result = this.order.segment(stream, seq, (flags & SYN) !== 0, (flags & FIN) !== 0, p.bytes, p.payloadAt, p.payloadEnd, length, p.frame, p.seconds, p.nanoseconds);
        old = length > 0 && (result & (RETRANSMITTED | DELIVERED | HELD)) === RETRANSMITTED;
        if (old) noteRetransmission(this.#words(), slot, dir);
      }
    }
    if ((flags & 20) === 16) this.order.acknowledge(stream ^ 1, p.ack >>> 0);
    return old;
  }

  datagram(slot: number, dir: number, p: FlowPacket): void {
    const state = this.#state[slot];
    if (state === NOBODY || p.payloadEnd <= p.payloadAt) return;
    this.frame = p.frame;
    this.seconds = p.seconds;
    this.nanoseconds = p.nanoseconds;
    let conversation = state === HAS_SESSION ? this.#open.get(slot) : undefined;
    const role = this.#role(slot, dir);
    if (conversation === undefined && this.#expected.size > 0) {
      const announced = this.#converse(slot);
      if (this.#claim(announced)) conversation = announced;
      else this.#open.delete(slot);
    }
    if (conversation === undefined) {
      const found = this.#recogniseDatagram(role, p);
      if (found === undefined) {
        if (++this.#tries[slot] >= MAX_DATAGRAM_TRIES) this.#state[slot] = NOBODY;
        return;
      }
      this.#name(slot, found.service);
      if (found.parser === undefined) {
        this.#state[slot] = NOBODY;
        return;
      }
      conversation = this.#converse(slot);
      conversation.definition = found.parser;
      conversation.session = found.parser.create();
      this.#state[slot] = HAS_SESSION;
    }
    this.#current = conversation;
    conversation.session?.data(role, p.bytes, p.payloadAt, p.payloadEnd, this);
    if (p.payloadEnd < p.payloadWireEnd) conversation.session?.gap(role, p.payloadWireEnd - p.payloadEnd, this);
    this.#current = undefined;
  }

  end(slot: number): void {
    this.order.end(2 * slot);
    this.order.end(2 * slot + 1);
    const conversation = this.#open.get(slot);
    if (conversation !== undefined) this.#close(conversation);
    this.#state[slot] = UNDECIDED;
    this.#tries[slot] = 0;
    this.#ordinal[slot] = 0;
  }

  /** Forgets the flow's services, once its record is written. */
  forget(slot: number): void {
    this.#services[slot] = 0;
  }

  // StreamSink: in-order bytes of TCP.

  data(stream: number, bytes: Uint8Array, at: number, end: number): void {
    const slot = stream >> 1;
    const state = this.#state[slot];
    if (state === NOBODY) return;
    this.frame = this.order.frame;
    this.seconds = this.order.seconds;
    this.nanoseconds = this.order.nanoseconds;
    const role = this.#role(slot, stream & 1);
    let conversation = this.#open.get(slot);
    if (conversation === undefined) {
      conversation = this.#converse(slot);
      if (this.#expected.size > 0) this.#claim(conversation);
    }
    if (this.#state[slot] === HAS_SESSION) this.#feed(conversation, role, bytes, at, end);
    else this.#recogniseStream(conversation, role, bytes, at, end);
  }

  gap(stream: number, length: number, why: GapReason): void {
    const slot = stream >> 1;
    const meter = this.#meter;
    if (meter === undefined) return;
    meter.missed[slot] += length;
    if (why === 'acknowledged') noteGap(meter.table.words, slot, stream & 1);
    const conversation = this.#open.get(slot);
    if (conversation?.session === undefined) return;
    this.frame = this.order.frame;
    this.seconds = this.order.seconds;
    this.nanoseconds = this.order.nanoseconds;
    this.#current = conversation;
    conversation.session.gap(this.#role(slot, stream & 1), length, this);
    this.#current = undefined;
  }

  fin(): void {
    // The session learns of the end when the flow ends: the other direction may still speak.
  }

  // SessionContext: what a parser says.

  get srcIp(): IpHex {
    return this.#conversation().ends.srcIp;
  }

  get dstIp(): IpHex {
    return this.#conversation().ends.dstIp;
  }

  get srcPort(): number {
    return this.#conversation().ends.srcPort;
  }

  get dstPort(): number {
    return this.#conversation().ends.dstPort;
  }

  file(dir: 0 | 1, head: FileHead): FileSink {
    return this.#files?.open(dir, head, this, (record) => this.#emit(record) as FileRecord) ?? NO_FILE;
  }

  expect(transport: 'tcp' | 'udp', ip: IpHex, port: number, service: string, create: () => Session): void {
    const key = `${transport === 'tcp' ? TCP : UDP} ${ip}:${port}`;
    this.#expected.delete(key);
    this.#expected.set(key, { service, create });
    if (this.#expected.size > MAX_EXPECTED) this.#expected.delete(this.#expected.keys().next().value!);
  }

  emit(record: SessionRecord): void {
    this.#emit(record);
  }

  #conversation(): Conversation {
    if (this.#current === undefined) throw new Error('a session speaks outside of a call');
    return this.#current;
  }

  #emit(record: SessionRecord): ProtocolRecord {
    const conversation = this.#conversation();
    const { source } = this.#options;
    const { ends } = conversation;
    this.records++;
    const whole = {
      // A single spread, and first: a copy of an object's shape is cheap, adding to one field by field is not.
      ...record,
      schema: PROTOCOL_SCHEMA,
      // The flow's own id has the ordinal of its level, 0 to 15: its records come in steps of 16 behind it.
      id: recordId(source.dataset, record.firstFrame, 16 * ++this.#ordinal[conversation.slot] + conversation.level),
      dataset: source.dataset,
      sensorId: source.sensorId,
      siteId: source.siteId,
      linkId: source.linkId,
      sampling: source.sampling,
      loss: null,
      flowId: conversation.id,
      srcIp: ends.srcIp,
      dstIp: ends.dstIp,
      srcPort: ends.srcPort,
      dstPort: ends.dstPort,
      proto: ends.proto,
    } as ProtocolRecord;
    this.#options.record(whole);
    return whole;
  }

  anomaly(name: string): void {
    const conversation = this.#current;
    if (conversation === undefined) return;
    conversation.anomalies ??= new Map();
    const known = conversation.anomalies.get(name);
    if (known !== undefined) {
      known.count++;
      known.lastFrame = this.frame;
    } else if (conversation.anomalies.size < MAX_ANOMALIES) {
      conversation.anomalies.set(name, { count: 1, frame: this.frame, lastFrame: this.frame, seconds: this.seconds, nanoseconds: this.nanoseconds });
    }
  }

  credential(found: ClearCredential): void {
    this.#options.credential?.({ ...found, ...this.#conversation().ends, frame: this.frame, time: nanosOf(this.seconds, this.nanoseconds) });
  }

  become(protocol: string): void {
    this.#becomes = protocol;
  }

  #words(): Int32Array {
    return this.#meter!.table.words;
  }

  /** Direction as sessions see it: 0 is the initiator's. */
  #role(slot: number, dir: number): 0 | 1 {
    return dir === this.#meter!.originator(slot) ? 0 : 1;
  }

  #name(slot: number, service: string): void {
    const known = this.#serviceLists[this.#services[slot]];
    if (known.includes(service)) return;
    const key = [...known, service].join(',');
    let list = this.#serviceLists.findIndex((l) => l.join(',') === key);
    if (list < 0) list = this.#serviceLists.push([...known, service]) - 1;
    this.#services[slot] = list;
  }

  #converse(slot: number): Conversation {
    const isUdp = (this.#words()[(slot << ROW_SHIFT) + FLAGS] & PROTO_MASK) === UDP;
    if (this.#open.size >= this.#maxSessions) {
      const first = this.#open.values().next();
      if (first.done !== true) this.#evict(first.value);
    }
    const meter = this.#meter!;
    const row = slot << ROW_SHIFT;
    const { words, unsigned } = meter.table;
    const conversation = new Conversation(
      slot, endsOf(meter, slot), flowIdOf(meter, slot, this.#options.source), unsigned[row + FIRST_FRAME], (words[row + FLAGS] & LEVEL_MASK) >>> LEVEL_SHIFT,
    );
    this.#open.set(slot, conversation);
    if (isUdp) {
      const before = this.#datagrams[this.#nextDatagram];
      if (before !== undefined && this.#open.get(before.slot) === before) this.#evict(before);
      this.#datagrams[this.#nextDatagram] = conversation;
      this.#nextDatagram = (this.#nextDatagram + 1) % MAX_DATAGRAM_SESSIONS;
    }
    return conversation;
  }

  /** Gives a conversation to the reader that was announced for it, if any. */
  #claim(conversation: Conversation): boolean {
    const { ends, slot } = conversation;
    for (const key of [`${ends.proto} ${ends.dstIp}:${ends.dstPort}`, `${ends.proto} ${ends.srcIp}:${ends.srcPort}`]) {
      const expected = this.#expected.get(key);
      if (expected === undefined) continue;
      this.#expected.delete(key);
      this.#name(slot, expected.service);
      this.#state[slot] = HAS_SESSION;
      conversation.session = expected.create();
      return true;
    }
    return false;
  }

  #evict(oldest: Conversation): void {
    this.sessionsEvicted++;
    // A datagram that comes later is recognised anew; the middle of a stream is not.
    this.#state[oldest.slot] = oldest.ends.proto === UDP ? UNDECIDED : NOBODY;
    this.#close(oldest);
  }

  #close(conversation: Conversation): void {
    this.#current = conversation;
    conversation.session?.end(this);
    if (conversation.anomalies !== undefined) {
      for (const [name, a] of conversation.anomalies) {
        const record: Omit<AnomalyRecord, keyof FlowEnds | 'schema' | 'id' | 'flowId' | 'loss' | keyof RecordSource> = {
          kind: 'anomaly', name, count: a.count, firstFrame: a.frame, lastFrame: a.lastFrame, time: nanosOf(a.seconds, a.nanoseconds),
        };
        this.emit(record);
      }
    }
    this.#current = undefined;
    this.#open.delete(conversation.slot);
  }

  #feed(conversation: Conversation, role: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    this.#current = conversation;
    conversation.session?.data(role, bytes, at, end, this);
    this.#current = undefined;
    if (this.#becomes !== undefined) this.#hand(conversation, this.#becomes);
  }

  /** STARTTLS and the like: the rest of the conversation belongs to another protocol. */
  #hand(conversation: Conversation, protocol: string): void {
    this.#becomes = undefined;
    this.#current = conversation;
    conversation.session?.end(this);
    this.#current = undefined;
    const next = this.#options.definitions.find((d) => d.service === protocol && d.transport === 'tcp');
    conversation.definition = next;
    conversation.session = next?.create();
    if (next !== undefined) this.#name(conversation.slot, next.service);
    else {
      // A tunnel, or an upgrade to what has no parser: what comes is recognised by its own first bytes.
      conversation.prefix = [];
      conversation.prefixBytes = 0;
      this.#state[conversation.slot] = UNDECIDED;
    }
  }

  #recogniseDatagram(role: 0 | 1, p: FlowPacket): Recogniser | undefined {
    // Whose port it is goes first: many formats have no mark of their own.
    const { srcPort, dstPort } = p;
    for (const candidate of this.#udp) {
      if ((candidate.ports.includes(srcPort) || candidate.ports.includes(dstPort)) && candidate.recognise(p.bytes, p.payloadAt, p.payloadEnd, role) === 'yes') return candidate;
    }
    return undefined;
  }

  #recogniseStream(conversation: Conversation, role: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const { slot, prefix } = conversation;
    const copy = bytes.slice(at, Math.min(end, at + MAX_PREFIX_BYTES));
    prefix.push({ dir: role, bytes: copy, frame: this.frame, seconds: this.seconds, nanoseconds: this.nanoseconds });
    conversation.prefixBytes += copy.length;
    const begin = joined(prefix, role);
    let open = false;
    for (const candidate of this.#tcp) {
      const says = candidate.recognise(begin, 0, begin.length, role);
      if (says === 'maybe') open = true;
      if (says !== 'yes') continue;
      this.#name(slot, candidate.service);
      conversation.prefix = [];
      if (candidate.parser === undefined) {
        this.#state[slot] = NOBODY;
        this.#open.delete(slot);
        return;
      }
      this.#state[slot] = HAS_SESSION;
      conversation.definition = candidate.parser;
      conversation.session = candidate.parser.create();
      const { frame, seconds, nanoseconds } = this;
      // All but the last piece are copies; the last is the caller's, whole.
      for (const piece of prefix.slice(0, -1)) {
        this.frame = piece.frame;
        this.seconds = piece.seconds;
        this.nanoseconds = piece.nanoseconds;
        this.#feed(conversation, piece.dir, piece.bytes, 0, piece.bytes.length);
      }
      this.frame = frame;
      this.seconds = seconds;
      this.nanoseconds = nanoseconds;
      this.#feed(conversation, role, bytes, at, end);
      return;
    }
    // The other side may yet say what this is: a server that greets first, or a capture that begins with an answer.
    const bothSpoke = prefix.some((piece) => piece.dir !== role);
    if ((!open && bothSpoke) || conversation.prefixBytes > MAX_PREFIX_BYTES || prefix.length >= MAX_PREFIX_PIECES) {
      this.#state[slot] = NOBODY;
      this.#open.delete(slot);
    }
  }
}

/** The first bytes of one direction in one array. */
function joined(pieces: readonly Piece[], dir: 0 | 1): Uint8Array {
  const own = pieces.filter((piece) => piece.dir === dir);
  if (own.length === 1) return own[0].bytes;
  const out = new Uint8Array(own.reduce((sum, piece) => sum + piece.bytes.length, 0));
  let at = 0;
  for (const piece of own) {
    out.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return out;
}
