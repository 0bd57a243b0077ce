import type { Host } from '../base/host.ts';
import type { Field } from '../filter/field.ts';
import { DATA_ID, ETHERTYPE_ID, EXPERT_ID, FRAME_ID, MALFORMED_ID, SHORT_ID, expertFields, frameFields } from './builtin.ts';
import type { Demand } from './demand.ts';
import { KEEP_ALSO, KEEP_OWN } from './demand.ts';
import { FieldRows, ROW_BYTES, ROW_NUMBER, ROW_TEXT, ROW_TIME } from './field-rows.ts';
import type { ExpertNote } from './expert-note.ts';
import { GROUP, SEVERITY } from './expert-note.ts';
import type { FrameHead } from './frame-head.ts';
import { FrameClock, putFrame } from './frame-put.ts';
import type { PacketView, SourceKind } from './packet-view.ts';
import { DECLINE, DONE, MALFORMED, MORE, MORE_SHOWN, SILENT, TRUNCATED, UNSEEN, UNTIL_FIN } from './packet-view.ts';
import { INSIDE, LayerTable, MAX_LAYERS, PASSED, REPEATED } from './layer-table.ts';
import { protocolPath } from './protocol-path.ts';
import type { DispatchTable, Registry } from './registry.ts';
import type { StreamWalker } from './stream-driver.ts';
import { runStream, tcpLevel } from './stream-driver.ts';
import type { StreamLevel } from './stream-level.ts';
import { PlainHeads } from './plain-heads.ts';
import { QuotingHeads } from './quoting-heads.ts';
import { readSecrets } from './capture-secrets.ts';
import { Trackers } from './trackers.ts';

export { MAX_LAYERS };
const MAX_SOURCES = 64;

/**
 * The packet at hand: bytes, layer table and the values that somebody asked for.
 *
 * `begin(head)` points it at a frame, `walk()` runs the dissectors. One instance a worker and capture, reused for every packet.
 */
export class Packet implements PacketView, StreamWalker {
  /** The values: what filters, columns and the tree read. */
  readonly row: FieldRows;
  readonly host: Host;
  readonly registry: Registry;
  readonly trackers: Trackers;
  demand: Demand;
  bytes: Uint8Array;
  source = 0;
  end = 0;
  wireEnd = 0;
  detail = false;
  track: boolean;
  reassemble: boolean;

  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  caplen = 0;
  wireLen = 0;
  linkType = 1;
  /** Offset of the frame's first byte in `sources[0]`. */
  frameAt = 0;

  ipVersion: 0 | 4 | 6 = 0;
  ipAt = -1;
  srcAt = 0;
  dstAt = 0;
  networkSource = 0;
  ipProto = 0;
  fragment = false;
  ipLen = 0;
  srcPort = 0;
  dstPort = 0;
  payloadSeq = 0;
  quoted = false;
  payloadFin = false;
  /** True while the stream driver can wait for more bytes. */
  canWait = false;
  l4At = -1;
  payloadAt = -1;
  payloadEnd = -1;
  payloadWireEnd = -1;
  vlanCount = 0;
  readonly vlans: Uint16Array;
  ethAt = -1;
  flow = -1;
  dir: 0 | 1 = 0;
  caller = 0;
  level: StreamLevel;
  streamSource = 0;

  readonly layers: LayerTable;
  /** Oddities of this packet, where the demand has `experts`. */
  readonly notes: ExpertNote[] = [];
  readonly sourceKinds: SourceKind[];
  /** Time of the last frame that was shown, for `frame.time_delta_displayed`. */
  displayedSeconds = -1;
  displayedNanos = 0;

  #keep: Uint8Array;
  #layer = 0;
  #depth = 0;
  readonly #openRows: Int32Array;
  readonly #quoting: QuotingHeads;
  readonly #plain: PlainHeads;
  nextAt = 0;
  nextEnd = 0;
  nextWireEnd = 0;
  /** The dissector at hand said where its payload lies. */
  hasNext = false;
  #needed = 0;
  #table: DispatchTable | undefined = undefined;
  #a = 0;
  #b = -1;
  #candidate = 0;
  #tried = 0;
  #calls = 0;
  readonly #tcpTable: DispatchTable;
  readonly #linkTable: DispatchTable;
  readonly #clock: FrameClock;
  /** Blocks of secrets of the capture that were read. */
  #secrets = 0;

  constructor(registry: Registry, demand: Demand, host: Host) {
    this.layers = new LayerTable();
    this.row = new FieldRows(registry.fields, host, this.layers);
    this.row.setLate(demand.late);
    this.host = host;
    this.registry = registry;
    this.trackers = new Trackers();
    this.demand = demand;
    this.bytes = new Uint8Array(0);
    this.track = demand.track;
    this.reassemble = demand.reassemble;
    this.vlans = new Uint16Array(4);
    this.level = tcpLevel(this.trackers.pdus);
    this.sourceKinds = ['frame'];
    this.#keep = demand.keep;
    this.#openRows = new Int32Array(64);
    this.#quoting = new QuotingHeads();
    this.#plain = new PlainHeads(registry);
    this.#tcpTable = registry.table('tcp.port');
    this.#linkTable = registry.table('link');
    this.#clock = new FrameClock();
  }

  /** Changes what is wanted, between two packets. */
  setDemand(demand: Demand): void {
    this.demand = demand;
    this.row.setLate(demand.late);
    this.#keep = demand.keep;
    this.track = demand.track;
    this.reassemble = demand.reassemble;
  }

  /** Points at the next frame of the capture; `walk` reads it. */
  begin(head: FrameHead): void {
    this.row.clearRows();
    this.bytes = head.bytes;
    this.row.sources[0] = head.bytes;
    this.source = 0;
    this.frameAt = head.at;
    this.end = head.at + head.caplen;
    this.wireEnd = head.at + Math.max(head.wireLen, head.caplen);
    this.frame++;
    this.seconds = head.seconds;
    this.nanoseconds = head.nanoseconds;
    this.caplen = head.caplen;
    this.wireLen = head.wireLen;
    this.linkType = head.linkType;
    this.ipVersion = 0;
    this.ipAt = -1;
    this.networkSource = 0;
    this.ipProto = 0;
    this.fragment = false;
    this.ipLen = 0;
    this.srcPort = 0;
    this.dstPort = 0;
    this.l4At = -1;
    this.payloadAt = -1;
    this.payloadEnd = -1;
    this.payloadWireEnd = -1;
    this.vlanCount = 0;
    this.ethAt = -1;
    this.flow = -1;
    this.dir = 0;
    this.layers.count = 0;
    this.layers.mark = 0;
    this.streamSource = 0;
    if (head.secrets.length > this.#secrets) this.#secrets = readSecrets(head.secrets, this.#secrets, this.trackers.keyLog, this.host);
    this.#layer = 0;
    this.#depth = 0;
    this.hasNext = false;
    this.#calls = 0;
    if (this.notes.length > 0) this.notes.length = 0;
    if (this.#clock.firstSeconds < 0) {
      this.#clock.firstSeconds = head.seconds;
      this.#clock.firstNanos = head.nanoseconds;
      this.#clock.previousSeconds = head.seconds;
      this.#clock.previousNanos = head.nanoseconds;
      this.displayedSeconds = head.seconds;
      this.displayedNanos = head.nanoseconds;
    }
    this.pushLayer(FRAME_ID, this.frameAt, this.end, this.wireEnd);
    if (this.demand.frame) putFrame(this, head, this.#clock);
    if (head.nanoseconds < 0 || head.nanoseconds >= 1_000_000_000) this.#note('note', 'sequence', 'frame.time_invalid', head.at, 0, FRAME_ID);
    if (head.caplen > head.wireLen) this.#note('error', 'malformed', 'frame.len_lt_caplen', head.at, 0, FRAME_ID);
    this.#clock.previousSeconds = head.seconds;
    this.#clock.previousNanos = head.nanoseconds;
  }

  /** Puts the time from an earlier instant to this packet, as a generated field. */
  putSince(f: Field, seconds: number, nanos: number): void {
    let s = this.seconds - seconds;
    let n = this.nanoseconds - nanos;
    if (n < 0 && s > 0) {
      s--;
      n += 1_000_000_000;
    } else if (n > 0 && s < 0) {
      s++;
      n -= 1_000_000_000;
    }
    this.putTime(f, this.frameAt, 0, s, n);
  }

  /** Runs the dissectors over the frame. */
  walk(): void {
    if (this.demand.plain && this.#plain.note(this.bytes, this.frameAt, this.end, this.wireEnd, this.linkType, this.layers, this.demand)) return;
    this.#run(this.#linkTable.get(this.linkType), this.frameAt, this.end, this.wireEnd);
    const protocols = this.#keep[frameFields.protocols.id];
    if (protocols !== 0) {
      this.#layer = 0;
      this.putText(frameFields.protocols, this.frameAt, 0, protocolPath(this.registry, this.layers));
    }
  }

  /** Layer after layer from `id` on, until nobody follows. Returns the verdict of the first. */
  #run(id: number, at: number, end: number, wireEnd: number): number {
    let first = DONE;
    let isFirst = true;
    let next = id;
    let handed = 0;
    if (next === 0) {
      this.data(at, end, wireEnd);
      return DONE;
    }
    while (next > 0) {
      const heir = this.track ? (this.registry.dissectors[next].heir?.(this, at, end) ?? 0) : 0;
      if (heir > 0 && this.layers.count < MAX_LAYERS) {
        this.pushLayer(next, at, end, wireEnd);
        this.layers.marks[this.#layer] |= PASSED;
        handed = this.layers.count;
        next = heir;
        continue;
      }
      let verdict = this.track && this.registry.dissectors[next].stream ? runStream(this, next, at, end, wireEnd) : this.layer(next, at, end, wireEnd);
      // Nothing was read yet: whose bytes they are is not told either.
      if (handed > 0 && this.layers.count === handed) this.layers.count--;
      handed = 0;
      if (verdict === DECLINE) {
        const other = this.#nextCandidate(at, end, wireEnd);
        if (other > 0) {
          next = other;
          continue;
        }
        if (!isFirst) this.data(at, end, wireEnd);
        verdict = DECLINE;
      }
      if (isFirst) first = verdict;
      isFirst = false;
      if (verdict < 0) return first;
      if (!this.hasNext) return first;
      at = this.nextAt;
      end = this.nextEnd;
      wireEnd = this.nextWireEnd;
      if (verdict === DONE) {
        if (end > at || (wireEnd > at && end === at && wireEnd > end)) this.data(at, end, wireEnd);
        return first;
      }
      if (verdict === next && this.registry.dissectors[next].repeats) this.layers.mark |= REPEATED;
      next = verdict;
    }
    return first;
  }

  /** One layer. Layers, rows and verdicts are tidied here, so that a dissector only reads. */
  layer(id: number, at: number, end: number, wireEnd: number): number {
    const i = this.layers.count;
    if (i >= MAX_LAYERS) return TRUNCATED;
    const mark = this.row.rowCount;
    this.pushLayer(id, at, end, wireEnd);
    this.hasNext = false;
    this.end = end;
    this.wireEnd = wireEnd;
    const demand = this.demand;
    this.detail = demand.detail[id] !== 0;
    this.#depth = 1;
    if (demand.protocols[id] !== 0) this.row.append(this.registry.protocolFields[id].id, ROW_BYTES, this.source, at, end - at, i, 0);
    const fixed = demand.fixed[id];
    for (let k = 0; k < fixed.length; k += 3) {
      if (at + fixed[k + 1] + fixed[k + 2] <= end) this.row.append(fixed[k], ROW_BYTES, this.source, at + fixed[k + 1], fixed[k + 2], i, 1);
    }
    if (demand.unread[id] !== 0) return DONE;
    const verdict = this.registry.dissectors[id].dissect(this, at, end);
    if (verdict === MORE_SHOWN) {
      this.hasNext = false;
      return MORE;
    }
    if (verdict === DECLINE || verdict === MORE || verdict === SILENT) {
      this.layers.count = i;
      this.row.rewindRows(mark);
      this.hasNext = false;
    } else if (verdict === TRUNCATED || verdict === MALFORMED || verdict === UNSEEN) {
      if (verdict === UNSEEN || end - at < this.registry.dissectors[id].leastHead) {
        this.row.rewindRows(mark);
        this.layers.marks[i] |= INSIDE | PASSED;
      }
      // What was sent whole is not short: it ends before its own fields do.
      this.#mark(verdict !== MALFORMED && end < wireEnd ? SHORT_ID : MALFORMED_ID, end, i);
    } else if (this.hasNext) this.layers.payload[i] = this.nextAt;
    return verdict;
  }

  /** Adds a layer to the table without reading it. */
  pushLayer(id: number, at: number, end: number, wireEnd: number): void {
    this.#layer = this.layers.push(id, this.source, at, end, wireEnd);
  }

  /** Shows bytes that nobody reads. */
  data(at: number, end: number, wireEnd: number): void {
    this.hasNext = false;
    if (at === end && wireEnd > end) {
      if (!this.demand.shallow) this.#mark(SHORT_ID, end, this.layers.count - 1);
      return;
    }
    if (this.layers.count < MAX_LAYERS && !this.demand.shallow) this.layer(DATA_ID, at, end, wireEnd);
  }

  /** A layer without bytes, on the level of the frame's own: `culprit` is malformed, or was cut short. */
  #mark(id: number, at: number, culprit: number): void {
    // An error quotes as much as it likes.
    if (this.layers.count >= MAX_LAYERS || this.quoted) return;
    if (id === MALFORMED_ID) {
      this.#layer = culprit;
      this.#note('error', 'malformed', '_ws.malformed.expert', at, 0, this.layers.id[culprit]);
    }
    this.pushLayer(id, at, at, at);
    this.layers.marks[this.#layer] = 0;
    if (this.demand.protocols[id] !== 0) this.row.append(this.registry.protocolFields[id].id, ROW_BYTES, this.source, at, 0, this.#layer, 0);
  }

  // ---- Values ----

  #keepRow(field: number, kind: number, at: number, len: number): number {
    const keep = this.#keep[field];
    let r = -1;
    if ((keep & KEEP_OWN) !== 0) r = this.row.append(field, kind, this.source, at, len, this.#layer, this.#depth);
    if ((keep & KEEP_ALSO) !== 0) r = this.#keepAlso(field, kind, at, len, r);
    return r;
  }

  #keepAlso(field: number, kind: number, at: number, len: number, own: number): number {
    let r = own;
    const also = this.registry.alsoIds[field];
    if (also === undefined) return r;
    for (let k = 0; k < also.length; k++) {
      if ((this.#keep[also[k]] & KEEP_OWN) === 0) continue;
      const mine = this.row.append(also[k], kind, this.source, at, len, this.#layer, this.#depth);
      if (r < 0) r = mine;
    }
    return r;
  }

  /** Copies a decoded value to the rows that a put made: the own one and those of the further names. */
  #value(from: number, number: number, nanos: number): void {
    const row = this.row;
    for (let r = from; r < row.rowCount; r++) {
      row.rowNum[r] = number;
      row.rowNanos[r] = nanos;
    }
  }

  put(f: Field, at: number, len: number): void {
    if (this.#keep[f.id] !== 0) this.#keepRow(f.id, ROW_BYTES, at, len);
  }

  putInt(f: Field, at: number, len: number, value: number): void {
    if (this.#keep[f.id] === 0) return;
    const from = this.row.rowCount;
    this.#keepRow(f.id, ROW_NUMBER, at, len);
    this.#value(from, value, 0);
  }

  putText(f: Field, at: number, len: number, text: string): void {
    if (this.#keep[f.id] === 0) return;
    const from = this.row.rowCount;
    this.#keepRow(f.id, ROW_TEXT, at, len);
    this.#value(from, this.row.keepText(text), 0);
  }

  putTime(f: Field, at: number, len: number, seconds: number, nanoseconds: number): void {
    if (this.#keep[f.id] === 0) return;
    const from = this.row.rowCount;
    this.#keepRow(f.id, ROW_TIME, at, len);
    this.#value(from, seconds, nanoseconds);
  }

  wants(f: Field): boolean {
    return this.#keep[f.id] !== 0;
  }

  open(f: Field, at: number): void {
    const from = this.row.rowCount;
    if (this.#keep[f.id] !== 0) this.#keepRow(f.id, ROW_BYTES, at, 0);
    if (this.#depth < 63) this.#openRows[this.#depth] = this.row.rowCount > from ? from : -1;
    this.#depth++;
  }

  close(end: number): void {
    if (this.#depth <= 1) return;
    this.#depth--;
    const r = this.#depth < 63 ? this.#openRows[this.#depth] : -1;
    if (r >= 0 && r < this.row.rowCount) this.row.rowLen[r] = Math.max(0, end - this.row.rowAt[r]);
  }

  expert(severity: 'chat' | 'note' | 'warn' | 'error', group: string, name: string, at: number, len: number): void {
    this.#note(severity, group, name, at, len, this.layers.id[this.#layer]);
  }

  expertOf(dissector: number, severity: 'chat' | 'note' | 'warn' | 'error', group: string, name: string, at: number, len: number): void {
    this.#note(severity, group, name, at, len, dissector);
  }

  #note(severity: 'chat' | 'note' | 'warn' | 'error', group: string, name: string, at: number, len: number, dissector: number): void {
    if (!this.demand.noted) return;
    const field = this.registry.find(name);
    if (field !== undefined) this.put(field, at, len);
    // Whatever breaks a rule of its protocol is found as malformed, though no layer says so.
    if (group === 'malformed' && this.demand.protocols[MALFORMED_ID] !== 0) this.row.append(this.registry.protocolFields[MALFORMED_ID].id, ROW_BYTES, this.source, at, 0, this.#layer, 0);
    const own = this.registry.protocolFields[EXPERT_ID].id;
    if (this.#keep[own] !== 0) this.#keepRow(own, ROW_BYTES, at, len);
    if (this.wants(expertFields.message)) this.putText(expertFields.message, at, 0, field?.title ?? name);
    this.putInt(expertFields.severity, at, 0, SEVERITY[severity]);
    this.putInt(expertFields.group, at, 0, GROUP[group] ?? 0);
    // What an error quotes was noted when it was sent.
    if (!this.demand.experts || this.quoted) return;
    const protocol = this.registry.dissectors[dissector].name;
    this.notes.push({ severity, group, name, protocol });
  }

  // ---- Where the next layer lies, and who reads it ----

  payload(at: number, wireEnd: number): void {
    const wire = Math.min(wireEnd, this.wireEnd);
    this.nextAt = Math.min(at, this.end);
    this.nextWireEnd = Math.max(wire, this.nextAt);
    this.nextEnd = Math.max(this.nextAt, Math.min(wire, this.end));
    this.hasNext = true;
  }

  quote(dissector: number, at: number, end: number): number {
    const q = this.#quoting;
    if (q.busy || at >= end) return this.finish();
    q.keep(this);
    this.quoted = true;
    this.call(dissector, at, end);
    this.quoted = false;
    q.giveBack(this);
    return this.finish();
  }

  finish(): number {
    this.hasNext = false;
    return DONE;
  }

  id(name: string): number {
    return this.registry.id(name);
  }

  next(table: string, a: number, b = -1): number {
    // Most ask for the table that their own protocol offers: found without a look-up by name.
    let t = this.registry.offered[this.layers.id[this.#layer]];
    if (t === undefined || t.name !== table) t = this.registry.table(table);
    if (this.demand.shallow && t === this.#tcpTable) return 0;
    this.#table = t;
    this.#a = a;
    this.#b = b;
    this.#candidate = 0;
    this.#tried = 0;
    if (table === 'ethertype' && b === -1 && !this.demand.shallow && this.layers.count < MAX_LAYERS) {
      this.layers.payload[this.#layer] = this.nextAt;
      this.pushLayer(ETHERTYPE_ID, this.nextAt, this.nextAt, this.nextAt);
    }
    if (b < 0) {
      const id = t.get(a);
      if (id > 0) {
        this.#candidate = 2;
        this.#tried = id;
        return id;
      }
    }
    return this.#nextCandidate(this.nextAt, this.nextEnd, this.nextWireEnd);
  }

  /** The next dissector to ask: conversation, lower value, higher value, then each heuristic. */
  #nextCandidate(at: number, end: number, wireEnd: number): number {
    const t = this.#table;
    if (t === undefined) return 0;
    const two = this.#b >= 0;
    // Where the opening of the connection was seen, its server's port comes first, else the lower one.
    const server = two && this.flow >= 0 ? this.trackers.conversations.serverPort[this.flow] : 0;
    const bFirst = server !== 0 ? this.#b === server : this.#b < this.#a;
    for (;;) {
      const stage = this.#candidate++;
      let id = 0;
      if (stage === 0) {
        if (two && this.flow >= 0) id = this.trackers.conversations.app[this.flow];
      } else if (stage === 1) id = t.get(two && bFirst ? this.#b : this.#a);
      else if (stage === 2) {
        if (two) id = t.get(bFirst ? this.#a : this.#b);
      } else {
        const h = stage - 3;
        if (h >= t.heuristics.length || !this.demand.deep) {
          this.#table = undefined;
          return 0;
        }
        const candidate = t.heuristics[h];
        const heuristic = this.registry.dissectors[candidate].heuristic;
        if (heuristic !== undefined && end > at && this.#looksLike(heuristic, at, end, wireEnd)) {
          if (two) this.setApp(candidate);
          return candidate;
        }
        continue;
      }
      if (id > 0 && id !== this.#tried) {
        this.#tried = id;
        return id;
      }
    }
  }

  #looksLike(heuristic: (p: PacketView, at: number, end: number) => boolean, at: number, end: number, wireEnd: number): boolean {
    const keptEnd = this.end;
    const keptWireEnd = this.wireEnd;
    this.end = end;
    this.wireEnd = wireEnd;
    const yes = heuristic(this, at, end);
    this.end = keptEnd;
    this.wireEnd = keptWireEnd;
    return yes;
  }

  get network(): Uint8Array {
    return this.row.sources[this.networkSource];
  }

  converse(ipProto: number): number {
    const c = this.trackers.conversations;
    const slot = c.find(this.network, this.ipVersion, this.srcAt, this.dstAt, this.srcPort, this.dstPort, ipProto);
    if (slot < 0) return this.converseAnew(ipProto);
    this.flow = slot;
    this.dir = c.dir;
    if (!this.quoted) this.layers.flow[this.#layer] = 2 * slot + c.dir;
    return slot;
  }

  converseAnew(ipProto: number): number {
    const c = this.trackers.conversations;
    this.flow = c.add(this.network, this.ipVersion, this.srcAt, this.dstAt, this.srcPort, this.dstPort, ipProto);
    this.dir = 0;
    if (this.flow >= 0 && !this.quoted) this.layers.flow[this.#layer] = 2 * this.flow;
    this.setApp(this.trackers.expected.claim(this.flow, ipProto, this));
    return this.flow;
  }

  setApp(dissector: number): void {
    if (this.flow >= 0) this.trackers.conversations.app[this.flow] = dissector;
  }

  call(dissector: number, at: number, end: number): number {
    if (dissector <= 0 || this.#calls >= MAX_LAYERS) return DECLINE;
    return this.nested(dissector, this.source, at, Math.min(end, this.end), Math.max(at, Math.min(end, this.wireEnd)));
  }

  callInside(dissector: number, source: number, at: number, end: number): number {
    if (dissector <= 0 || source < 0 || source >= this.row.sourceCount || this.#calls >= MAX_LAYERS) return DECLINE;
    const { mark } = this.layers;
    this.layers.mark = INSIDE;
    const verdict = this.nested(dissector, source, at, end, end);
    this.layers.mark = mark;
    return verdict;
  }

  callStream(dissector: number, source: number, level: StreamLevel, sequence: number, fin: boolean): number {
    const { level: outer, streamSource, payloadAt, payloadEnd, payloadWireEnd, payloadSeq, payloadFin, canWait } = this;
    const length = this.row.sources[source].length;
    this.level = level;
    this.streamSource = source;
    this.payloadAt = 0;
    this.payloadEnd = length;
    this.payloadWireEnd = length;
    this.payloadSeq = sequence | 0;
    this.payloadFin = fin;
    const verdict = this.callSource(dissector, source);
    this.level = outer;
    this.streamSource = streamSource;
    this.payloadAt = payloadAt;
    this.payloadEnd = payloadEnd;
    this.payloadWireEnd = payloadWireEnd;
    this.payloadSeq = payloadSeq;
    this.payloadFin = payloadFin;
    this.canWait = canWait;
    return verdict;
  }

  get again(): boolean {
    return (this.layers.marks[this.#layer] & REPEATED) !== 0;
  }

  callSource(dissector: number, source: number): number {
    if (dissector <= 0 || source <= 0 || source >= this.row.sourceCount || this.#calls >= MAX_LAYERS) return DECLINE;
    const length = this.row.sources[source].length;
    return this.nested(dissector, source, 0, length, length);
  }

  /** Runs layers over `[at, end)` of a source and returns to where the packet was. */
  nested(dissector: number, from: number, at: number, end: number, wireEnd: number): number {
    const bytes = this.bytes;
    const source = this.source;
    const detail = this.detail;
    const keptEnd = this.end;
    const keptWireEnd = this.wireEnd;
    const layer = this.#layer;
    const depth = this.#depth;
    const nextAt = this.nextAt;
    const nextEnd = this.nextEnd;
    const nextWireEnd = this.nextWireEnd;
    const hasNext = this.hasNext;
    const table = this.#table;
    const a = this.#a;
    const b = this.#b;
    const candidate = this.#candidate;
    const tried = this.#tried;
    const { caller } = this;
    this.caller = this.layers.id[layer];
    this.#table = undefined;
    this.bytes = this.row.sources[from];
    this.source = from;
    this.#calls++;
    const verdict = this.#run(dissector, at, end, wireEnd);
    this.caller = caller;
    this.bytes = bytes;
    this.source = source;
    this.detail = detail;
    this.end = keptEnd;
    this.wireEnd = keptWireEnd;
    this.#layer = layer;
    this.#depth = depth;
    this.nextAt = nextAt;
    this.nextEnd = nextEnd;
    this.nextWireEnd = nextWireEnd;
    this.hasNext = hasNext;
    this.#table = table;
    this.#a = a;
    this.#b = b;
    this.#candidate = candidate;
    this.#tried = tried;
    return verdict;
  }

  derive(bytes: Uint8Array, kind: SourceKind): number {
    if (this.row.sourceCount >= MAX_SOURCES) return -1;
    const id = this.row.sourceCount++;
    this.row.sources[id] = bytes;
    this.sourceKinds[id] = kind;
    return id;
  }

  more(bytes: number): number {
    this.#needed = bytes;
    return this.canWait && !(bytes === UNTIL_FIN && this.payloadFin) ? MORE : DONE;
  }

  /** True where somebody reads fields of this dissector. */
  detailOf(id: number): boolean {
    return this.demand.detail[id] !== 0;
  }

  /** Bytes that the last `more` asked for. */
  get needed(): number {
    return this.#needed;
  }

  tooShort(needed: number): number {
    return this.layers.at[this.#layer] + needed > this.wireEnd ? MALFORMED : TRUNCATED;
  }
}
