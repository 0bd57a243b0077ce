import { FRAME_ID } from './builtin.ts';
import { LateFields } from './late-fields.ts';
import type { Registry } from './registry.ts';

/** A field is kept under its own name. */
export const KEEP_OWN = 1;
/** Somebody named one of the field's further names (`ip.addr`). */
export const KEEP_ALSO = 2;

/** Fields of the transports that one packet alone tells; all others of tcp and udp need the conversation. */
const WITHOUT_CONVERSATION =
  /^(tcp|udp)$|^(tcp|udp)\.(port|srcport|dstport|length|checksum|checksum\.status|payload|len|hdr_len|seq_raw|ack_raw|flags(\..*)?|window_size_value|urgent_pointer|options(\..*)?|option_(kind|len))$/;

/** What a reader may ask for beside fields. */
export interface DemandOptions {
  /** Keep every value with its depth: the detail tree. */
  tree?: boolean;
  /** Number conversations even where no field asks for it. */
  track?: boolean;
  /** Keep the notes of experts (`packet.notes`). */
  experts?: boolean;
  /** False: fragments of IP stay as they are. */
  defragment?: boolean;
  /** False: PDUs that span segments of TCP are not put together. */
  desegment?: boolean;
}

/**
 * What the readers of a capture want of each packet: the fields of filters, columns and trees together. A field that nobody
 * named costs the dissector one look-up; trackers run only where a named field needs them.
 */
export class Demand {
  readonly registry: Registry;
  /** KEEP_* by field id. */
  readonly keep: Uint8Array;
  /** 1 where a dissector's own field is wanted, by dissector id. */
  readonly protocols: Uint8Array;
  /** Wanted fields that are read from the layer table when somebody asks. */
  readonly late: LateFields;
  /** Wanted fields at fixed offsets that are not late, by dissector id. */
  readonly fixed: readonly Int32Array[];
  /** By dissector id: 1 where it must read its fields. */
  readonly detail: Uint8Array;
  /** By dissector id: 1 where an application is taken on the word of its port, because nobody reads its fields. */
  readonly unread: Uint8Array;
  /** Some field beyond the transports is wanted: applications are read, and found by their looks. */
  readonly deep: boolean;
  readonly tree: boolean;
  readonly experts: boolean;
  /** Conversations, desegmentation and pairs of request and response are needed. */
  readonly track: boolean;
  /** Fragments are put together. */
  readonly reassemble: boolean;
  /** PDUs that span segments are put together. */
  readonly desegment: boolean;
  /**
   * Fields of links, networks and transports alone are wanted, without conversations: nobody above TCP need be asked, and what
   * nobody reads need not become a layer. (UDP is asked on: tunnels ride on it.)
   */
  readonly shallow: boolean;
  /** Somebody reads what dissectors find odd; all fields of that kind have no value. */
  readonly noted: boolean;
  /** Nothing but late fields and `frame.*` is wanted: the layer table of a packet is all that its walk must give. */
  readonly plain: boolean;
  /** Some `frame.*` field is wanted; some other than number and lengths; some that tells a time. */
  readonly frame: boolean;
  readonly frameRest: boolean;
  readonly frameTimes: boolean;

  constructor(registry: Registry, fieldIds: Iterable<number>, options: DemandOptions = {}) {
    const total = registry.fields.length;
    const dissectors = registry.dissectors.length;
    this.registry = registry;
    this.keep = new Uint8Array(total);
    this.protocols = new Uint8Array(dissectors);
    this.detail = new Uint8Array(dissectors);
    this.tree = options.tree ?? false;
    this.experts = options.experts ?? this.tree;
    let deep = this.tree || this.experts;
    let track = this.tree || this.experts || (options.track ?? false);
    let frame = this.tree;
    let any = this.tree || this.experts;
    if (this.tree) this.keep.fill(KEEP_OWN);
    for (const id of fieldIds) {
      any = true;
      this.keep[id] |= KEEP_OWN;
      const owner = registry.ownerOf[id] ?? 0;
      const name = registry.fields[id].name;
      if (name.startsWith('frame')) frame = true;
      if (owner > 0) this.detail[owner] = 1;
      // What is known before any byte is read needs no conversation; the list of layers needs every dissector's own verdict.
      if (owner === FRAME_ID && name !== 'frame.protocols') continue;
      if (name === 'frame.protocols' || name.startsWith('_ws.') || name.startsWith('data') || owner === 0 || !registry.isLower(owner)) {
        deep = true;
        track = true;
      } else if (/^(tcp|udp)\./.test(name) && !WITHOUT_CONVERSATION.test(name)) track = true;
      else if (/^icmp(v6)?\.resp/.test(name)) track = true;
    }
    for (let id = 0; id < total; id++) {
      const also = registry.alsoIds[id];
      if (also?.some((a) => (this.keep[a] & KEEP_OWN) !== 0)) {
        this.keep[id] |= KEEP_ALSO;
        const owner = registry.ownerOf[id] ?? 0;
        if (owner > 0) this.detail[owner] = 1;
      }
    }
    if (deep) this.detail.fill(1);
    this.deep = deep;
    this.unread = new Uint8Array(dissectors);
    for (let id = 1; id < dissectors && !deep; id++) if (registry.isApplication(id)) this.unread[id] = 1;
    // ICMP errors quote the packet that they speak of: its addresses and ports are occurrences of the same fields.
    else if (any) for (const name of ['icmp', 'icmpv6']) this.detail[registry.id(name)] = 1;
    // The tree shows rows in the order of the bytes, so there none is late.
    this.late = new LateFields(registry, (field) => !this.tree && (this.keep[field] & KEEP_OWN) !== 0);
    const early = (field: number): boolean => (this.keep[field] & KEEP_OWN) !== 0 && this.late.planOf[field] === 0;
    const fixed: Int32Array[] = [new Int32Array(0)];
    for (let id = 1; id < dissectors; id++) {
      this.protocols[id] = registry.protocolFields[id].type === 'protocol' && early(registry.protocolFields[id].id) ? 1 : 0;
      const wanted: number[] = [];
      for (const f of registry.fixedFields[id]) {
        for (const name of [f.id, ...(registry.alsoIds[f.id] ?? [])]) if (early(name)) wanted.push(name, f.offset, f.size);
      }
      fixed[id] = Int32Array.from(wanted);
    }
    this.fixed = fixed;
    this.track = track;
    this.reassemble = any && options.defragment !== false;
    this.desegment = options.desegment !== false;
    this.noted = deep || this.experts || registry.fields.some((f) => f.type === 'none' && this.keep[f.id] !== 0);
    this.shallow = any && !deep && !track;
    const kept = registry.fields.filter((f) => (this.keep[f.id] & KEEP_OWN) !== 0);
    this.plain = this.shallow && !this.noted && kept.every((f) => this.late.planOf[f.id] !== 0 || registry.ownerOf[f.id] === FRAME_ID);
    this.frame = frame;
    this.frameRest = kept.some((f) => f.name.startsWith('frame') && !/^frame\.(number|len|cap_len)$/.test(f.name));
    this.frameTimes = frame && registry.fields.some((f) => f.name.startsWith('frame.time') && this.keep[f.id] !== 0);
  }
}
