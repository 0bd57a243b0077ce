// How to write a protocol: one file in wire/protocols, named after it, that default-exports `defineDissector({...})`.
//
// 1. `const F = defineFields({ key: { name: 'dns.id', ...put('u16', 'Transaction ID', { base: 'hex' }) }, ... })`: names, types and
//    bases are Wireshark's (`tshark -G fields`). `fixed(type, offset, title)` is for a value that stands at one offset of every
//    layer: the driver records it by itself. `put(...)` is for all others: call `p.put(F.key, at, len)` in `dissect`.
//    Parts of a message with several fields are a `layout` (layout.ts). A field that stands for several (`ip.addr` for `ip.src`, `ip.dst`) is named in `also` of each; the registry makes it.
//    The protocol's own field (`dns`) is made by the registry.
// 2. `over: { 'udp.port': [53] }` says who finds this protocol; `heuristic` with `heuristicOver: ['udp']` finds it elsewhere.
// 3. `dissect(p, at, end)`: check the length once (`if (end - at < 12) return p.tooShort(12)`), then read freely below `end`.
//    Judge lengths that the sender wrote by `p.wireEnd`. Return DONE, DECLINE (not mine: the next candidate is asked),
//    TRUNCATED or MALFORMED (or `p.tooShort(n)`, which chooses), or the next dissector's id after `p.payload(at, wireEnd)`.
// 4. Over TCP set `stream: true`: `dissect` gets bytes from the start of a PDU, maybe of several segments put together. Too few:
//    `p.more(n)` (n = bytes of the PDU still missing, 0 = unknown): return its MORE; where it says DONE nothing more can come, and
//    what is there may be read. More after the PDU: `p.payload(pduEnd, p.wireEnd)` and
//    DONE; the driver calls again with the rest.
// 5. `dissect` allocates nothing: no literals, closures, `subarray`, template strings, regular expressions, throws. Text that must
//    be built (compressed names) is built behind `if (p.wants(F.key)) p.putText(...)`.
// 6. Request to response: `p.trackers.pending.ask(kind, p.flow, id, p.frame, p.seconds, p.nanoseconds)` and `.find(...)`; state of a
//    conversation: `p.trackers.state('dns', p.flow, create)`.
import type { Field, FieldBase, FieldType, ValueNames } from '../filter/field.ts';
import type { PacketView } from './packet-view.ts';
import type { SessionDefinition } from './session.ts';

/** Options of a field that its constructor does not fix. */
export interface FieldOptions {
  base?: FieldBase;
  values?: ValueNames;
  mask?: number;
  little?: boolean;
  also?: readonly string[];
}

/** A field before it has a name; `defineFields` gives it one. */
export interface FieldSketch extends FieldOptions {
  title: string;
  type: FieldType;
  offset: number;
  size: number;
}

const SIZE: Partial<Record<FieldType, number>> = {
  boolean: 1, char: 1, u8: 1, u16: 2, u24: 3, u32: 4, u40: 5, u48: 6, u64: 8, i8: 1, i16: 2, i24: 3, i32: 4, i64: 8, ether: 6, ipv4: 4, ipv6: 16,
};

/** A field at a fixed offset of its layer: never put, read lazily from the bytes. */
export function fixed(type: FieldType, offset: number, title: string, options: FieldOptions & { size?: number } = {}): FieldSketch {
  const { size, ...rest } = options;
  return { type, offset, title, size: size ?? SIZE[type] ?? 0, ...rest };
}

/** A field that the dissector puts, zero or more times a layer. */
export function put(type: FieldType, title: string, options: FieldOptions & { size?: number } = {}): FieldSketch {
  return { type, offset: -1, title, size: 0, ...options };
}

/** Bytes that a value of this type takes; 0 where it varies. */
export function sizeOfType(type: FieldType): number {
  return SIZE[type] ?? 0;
}

/** Names the fields of one protocol: keys of the result are the keys given, names are Wireshark's. */
export function defineFields<K extends string>(sketches: Readonly<Record<K, FieldSketch & { name: string }>>): Readonly<Record<K, Field>> {
  const out = {} as Record<K, Field>;
  for (const key of Object.keys(sketches) as K[]) {
    const s = sketches[key];
    out[key] = {
      name: s.name, title: s.title, type: s.type, base: s.base ?? 'dec', values: s.values, mask: s.mask ?? 0,
      offset: s.offset, size: s.size, little: s.little ?? false, also: s.also ?? [], id: -1,
    };
  }
  return out;
}

/** What one protocol is: one file in wire/protocols exports one of these. Names are Wireshark's. */
export interface DissectorDefinition {
  /** Wireshark's protocol name, as in `frame.protocols`. */
  readonly name: string;
  readonly title: string;
  /** Standards with their sections. */
  readonly spec: readonly string[];
  /** Tables and values under which other protocols find this one: `{ 'udp.port': [53] }`. */
  readonly over: Readonly<Record<string, readonly number[]>>;
  /** Tables that this protocol offers to others. */
  readonly tables?: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  /** Reads one layer (the frame driver): puts its fields, says where the payload is, returns a verdict. */
  dissect(p: PacketView, at: number, end: number): number;
  /**
   * Id of the dissector that this conversation was handed to (Upgrade, CONNECT), 0 = none: it reads the bytes in place of this one.
   * It may be chosen by `p.payload` and `p.next`.
   */
  heir?(p: PacketView, at: number, end: number): number;
  /** True where the bytes look like this protocol on any port; must be strict. */
  heuristic?(p: PacketView, at: number, end: number): boolean;
  /** Tables whose unknown payload is offered to `heuristic`: `['tcp', 'udp']`. */
  readonly heuristicOver?: readonly string[];
  /** TCP: PDUs span segments, so the frame driver desegments. */
  readonly stream?: boolean;
  /** One payload may hold several of its packets: `dissect` returns its own id for the rest, and the list of protocols names it once. */
  readonly repeats?: boolean;
  /** Bytes of its head without which the layer shows nothing: `frame.protocols` names it, the tree does not have it. */
  readonly leastHead?: number;
  /** A tunnel over a transport: walked even where nobody reads fields, because packets are inside. */
  readonly carries?: boolean;
  /** The stream driver, one a transport: in-order bytes of both directions to records. */
  readonly sessions?: readonly SessionDefinition[];
  /** Wireshark's short name (`ICMPv6`, `TLS`), under which expert information is counted; the name in capitals where left out. */
  readonly short?: string;
  /**
   * The packet list's Protocol text: the short name where left out; null = the layer below keeps the column; with a slash in front
   * it follows that of the layer below (`HTTP/JSON`); a function where it depends on the message (`TLSv1.3`).
   */
  readonly column?: string | null | ((row: InfoRow) => string);
  /**
   * Where this layer stands in the protocol hierarchy beside `frame.protocols`. `inside` = within the part of the protocol that
   * carries it, so the hierarchy leaves it out; `heading` = a heading of its own there, which `frame.protocols` leaves out (reassembled
   * fragments).
   * A dissector whose own field is among its `fields` (same name) has a value instead of the bytes of a layer.
   * `filled` = a layer where it has bytes, else a heading (a call without arguments).
   */
  readonly hierarchy?: 'inside' | 'heading' | 'filled';
  /**
   * The protocol that this one is a part of, and is shown as: the further commands of an SMB2 compound are `smb2`, the types that
   * IGMP shares with other protocols `igmp`.
   */
  readonly shownAs?: string;
  /** The packet list's Protocol text names this one around what it carries: `GTP <DNS>`. */
  readonly around?: boolean;
  /** The packet list's Source and Destination, for protocols that have addresses and are neither Ethernet nor IP. */
  ends?(row: InfoRow): readonly [string, string];
  /** The packet list's Info text. */
  info?(row: InfoRow): string;
}

/** What `info` may read: values of the frame at hand by field. */
export interface InfoRow {
  has(field: Field): boolean;
  text(field: Field): string;
  num(field: Field): number;
  all(field: Field): readonly string[];
}

/** One class for all, so that dispatch over 150 protocols stays monomorphic. */
export class Dissector {
  readonly name: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly over: Readonly<Record<string, readonly number[]>>;
  readonly tables: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  readonly dissect: (p: PacketView, at: number, end: number) => number;
  readonly heir: ((p: PacketView, at: number, end: number) => number) | undefined;
  readonly heuristic: ((p: PacketView, at: number, end: number) => boolean) | undefined;
  readonly heuristicOver: readonly string[];
  readonly stream: boolean;
  readonly repeats: boolean;
  readonly leastHead: number;
  readonly carries: boolean;
  readonly sessions: readonly SessionDefinition[];
  readonly short: string;
  readonly column: string | null | ((row: InfoRow) => string);
  readonly hierarchy: 'inside' | 'heading' | 'filled' | undefined;
  readonly shownAs: string;
  readonly around: boolean;
  readonly ends: ((row: InfoRow) => readonly [string, string]) | undefined;
  readonly info: ((row: InfoRow) => string) | undefined;

  constructor(d: DissectorDefinition) {
    this.name = d.name;
    this.title = d.title;
    this.spec = d.spec;
    this.over = d.over;
    this.tables = d.tables ?? [];
    this.fields = d.fields;
    this.dissect = d.dissect;
    this.heir = d.heir;
    this.heuristic = d.heuristic;
    this.heuristicOver = d.heuristicOver ?? [];
    this.stream = d.stream ?? false;
    this.repeats = d.repeats ?? false;
    this.leastHead = d.leastHead ?? 0;
    this.carries = d.carries ?? false;
    this.sessions = d.sessions ?? [];
    this.short = d.short ?? d.name.toUpperCase();
    // Contents that only their protocol leads to leave the column to it.
    this.column = d.column === undefined ? (Object.keys(d.over).length > 0 || this.heuristicOver.length > 0 ? this.short : null) : d.column;
    this.hierarchy = d.hierarchy;
    this.shownAs = d.shownAs ?? d.name;
    this.around = d.around ?? false;
    this.ends = d.ends;
    this.info = d.info;
  }
}

export function defineDissector(definition: DissectorDefinition): Dissector {
  return new Dissector(definition);
}
