/** Deepest nesting of layers in one packet; a bomb of tunnels ends here. */
export const MAX_LAYERS = 128;

/** The layer follows others of its protocol in one payload (records, coalesced packets): `frame.protocols` names them once. */
export const REPEATED = 1;
/** The layer stands inside the part of the tree that another one opened: it is no level of the protocol hierarchy. */
export const INSIDE = 2;
/** The layer handed its bytes to another protocol (an upgraded connection): `frame.protocols` names it, nothing else does. */
export const PASSED = 4;

/** The layers of one packet, outermost first: who read it, in which source, from where to where. */
export class LayerTable {
  count: number;
  /** Dissector. */
  readonly id: Uint16Array;
  readonly source: Uint16Array;
  readonly at: Int32Array;
  /** Captured end, and the end as it was sent. */
  readonly end: Int32Array;
  readonly wireEnd: Int32Array;
  /** Where the payload begins, -1 = none. */
  readonly payload: Int32Array;
  /** REPEATED, INSIDE. */
  readonly marks: Uint8Array;
  /** Conversation of a transport's layer: twice its slot, plus the direction; -1 = none. */
  readonly flow: Int32Array;
  /** Marks of the layers to come; REPEATED is of the next one alone. */
  mark: number;

  constructor() {
    this.count = 0;
    this.id = new Uint16Array(MAX_LAYERS);
    this.source = new Uint16Array(MAX_LAYERS);
    this.at = new Int32Array(MAX_LAYERS);
    this.end = new Int32Array(MAX_LAYERS);
    this.wireEnd = new Int32Array(MAX_LAYERS);
    this.payload = new Int32Array(MAX_LAYERS);
    this.marks = new Uint8Array(MAX_LAYERS);
    this.flow = new Int32Array(MAX_LAYERS);
    this.mark = 0;
  }

  push(id: number, source: number, at: number, end: number, wireEnd: number): number {
    const i = this.count++;
    this.id[i] = id;
    this.source[i] = source;
    this.at[i] = at;
    this.end[i] = end;
    this.wireEnd[i] = wireEnd;
    this.payload[i] = -1;
    this.flow[i] = -1;
    this.marks[i] = this.mark;
    this.mark &= ~REPEATED;
    return i;
  }

  /** Which occurrence of its protocol layer number `index` is, from 1. */
  occurrence(index: number): number {
    const id = this.id[index];
    let n = 0;
    for (let i = 0; i <= index; i++) if (this.id[i] === id) n++;
    return n;
  }
}
