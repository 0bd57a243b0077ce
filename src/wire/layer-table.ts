/** Deepest nesting of layers in one packet; a bomb of tunnels ends here. */
export const MAX_LAYERS = 128;

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
  /** 1 for a further PDU that one call read after the first: a layer of its own in the tree, none in `frame.protocols`. */
  readonly further: Uint8Array;

  constructor() {
    this.count = 0;
    this.id = new Uint16Array(MAX_LAYERS);
    this.source = new Uint16Array(MAX_LAYERS);
    this.at = new Int32Array(MAX_LAYERS);
    this.end = new Int32Array(MAX_LAYERS);
    this.wireEnd = new Int32Array(MAX_LAYERS);
    this.payload = new Int32Array(MAX_LAYERS);
    this.further = new Uint8Array(MAX_LAYERS);
  }

  push(id: number, source: number, at: number, end: number, wireEnd: number): number {
    const i = this.count++;
    this.id[i] = id;
    this.source[i] = source;
    this.at[i] = at;
    this.end[i] = end;
    this.wireEnd[i] = wireEnd;
    this.payload[i] = -1;
    this.further[i] = 0;
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
