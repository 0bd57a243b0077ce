import { u16be, u32be } from '../base/bytes.ts';
import type { Host } from '../base/host.ts';
import type { Field } from '../filter/field.ts';
import type { FieldRow } from '../filter/row.ts';
import type { LateFields } from './late-fields.ts';
import type { LayerTable } from './layer-table.ts';

/** Most rows that one packet may have; what comes beyond is counted, not kept. */
export const MAX_ROWS = 1 << 17;

/** How a row holds its value: in the bytes, or decoded when it was put. */
export const ROW_BYTES = 0;
export const ROW_NUMBER = 1;
export const ROW_TEXT = 2;
export const ROW_TIME = 3;

/**
 * The values of one packet: flat columns, one row an occurrence, chained by field so that a filter finds the occurrences of a
 * field without a search. Nothing is allocated per packet; the columns grow to the largest packet seen, up to `MAX_ROWS`.
 */
export class FieldRows implements FieldRow {
  rowCount: number;
  rowField: Int32Array;
  rowSource: Uint16Array;
  rowAt: Int32Array;
  rowLen: Int32Array;
  rowLayer: Int16Array;
  rowDepth: Uint8Array;
  rowKind: Uint8Array;
  rowNum: Float64Array;
  rowNanos: Int32Array;
  /** The field with this id; set by the registry's owner. */
  fields: readonly Field[];
  /** Derived sources; 0 is the frame. */
  readonly sources: Uint8Array[];
  sourceCount: number;
  /** Rows beyond `MAX_ROWS`, of all packets. */
  rowsDropped: number;
  readonly host: Host;
  /** The packet's layers; the packet fills it. */
  readonly layers: LayerTable;

  #next: Int32Array;
  #previous: Int32Array;
  readonly #texts: string[];
  #textCount: number;
  #counts: Int32Array;
  #heads: Int32Array;
  #tails: Int32Array;
  #cursorField: number;
  #cursorIndex: number;
  #cursorRow: number;
  readonly #view: DataView[];
  /** By field: how its bytes become a number. */
  readonly #shape: Uint8Array;
  #planOf: Uint16Array;
  #plans: readonly Int32Array[];
  /** By plan: the packet for which it was last carried out. */
  #planDone: Int32Array;
  #packet: number;

  constructor(fields: readonly Field[], host: Host, layers: LayerTable) {
    const n = 256;
    this.rowCount = 0;
    this.rowField = new Int32Array(n);
    this.rowSource = new Uint16Array(n);
    this.rowAt = new Int32Array(n);
    this.rowLen = new Int32Array(n);
    this.rowLayer = new Int16Array(n);
    this.rowDepth = new Uint8Array(n);
    this.rowKind = new Uint8Array(n);
    this.rowNum = new Float64Array(n);
    this.rowNanos = new Int32Array(n);
    this.fields = fields;
    this.sources = [];
    this.sourceCount = 1;
    this.rowsDropped = 0;
    this.host = host;
    this.layers = layers;
    this.#next = new Int32Array(n);
    this.#previous = new Int32Array(n);
    this.#texts = [];
    this.#textCount = 0;
    this.#counts = new Int32Array(fields.length);
    this.#heads = new Int32Array(fields.length);
    this.#tails = new Int32Array(fields.length);
    this.#cursorField = -1;
    this.#cursorIndex = 0;
    this.#cursorRow = -1;
    this.#view = [];
    this.#shape = Uint8Array.from(fields, shapeOf);
    this.#planOf = new Uint16Array(fields.length);
    this.#plans = [];
    this.#planDone = new Int32Array(0);
    this.#packet = 0;
  }

  /** Which fields are read from the layer table when they are asked for; between two packets. */
  setLate(late: LateFields): void {
    this.#planOf = late.planOf;
    this.#plans = late.plans;
    this.#planDone = new Int32Array(late.plans.length).fill(-1);
  }

  /** Forgets the packet before. */
  clearRows(): void {
    for (let r = 0; r < this.rowCount; r++) this.#counts[this.rowField[r]] = 0;
    this.rowCount = 0;
    this.#textCount = 0;
    this.#cursorField = -1;
    this.sourceCount = 1;
    this.#packet = (this.#packet + 1) & 0x3fffffff;
  }

  /** Takes back the rows from `mark` on: a dissector declined. */
  rewindRows(mark: number): void {
    for (let r = this.rowCount - 1; r >= mark; r--) {
      const f = this.rowField[r];
      this.#counts[f]--;
      this.#tails[f] = this.#previous[r];
    }
    this.rowCount = mark;
    this.#cursorField = -1;
  }

  /** Appends a row and returns its index, -1 where the packet has too many. */
  append(field: number, kind: number, source: number, at: number, len: number, layer: number, depth: number): number {
    const r = this.rowCount;
    if (r === this.rowField.length && !this.#grow()) return -1;
    this.rowCount = r + 1;
    this.rowField[r] = field;
    this.rowKind[r] = kind;
    this.rowSource[r] = source;
    this.rowAt[r] = at;
    this.rowLen[r] = len;
    this.rowLayer[r] = layer;
    this.rowDepth[r] = depth;
    const n = this.#counts[field];
    if (n === 0) {
      this.#heads[field] = r;
      this.#previous[r] = -1;
    } else {
      const tail = this.#tails[field];
      this.#next[tail] = r;
      this.#previous[r] = tail;
    }
    this.#tails[field] = r;
    this.#counts[field] = n + 1;
    return r;
  }

  keepText(text: string): number {
    const i = this.#textCount++;
    this.#texts[i] = text;
    return i;
  }

  #grow(): boolean {
    const n = this.rowField.length * 2;
    if (n > MAX_ROWS) {
      this.rowsDropped++;
      return false;
    }
    const grow = <T extends Int32Array | Int16Array | Uint16Array | Uint8Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.rowField = grow(this.rowField, new Int32Array(n));
    this.rowSource = grow(this.rowSource, new Uint16Array(n));
    this.rowAt = grow(this.rowAt, new Int32Array(n));
    this.rowLen = grow(this.rowLen, new Int32Array(n));
    this.rowLayer = grow(this.rowLayer, new Int16Array(n));
    this.rowDepth = grow(this.rowDepth, new Uint8Array(n));
    this.rowKind = grow(this.rowKind, new Uint8Array(n));
    this.rowNum = grow(this.rowNum, new Float64Array(n));
    this.rowNanos = grow(this.rowNanos, new Int32Array(n));
    this.#next = grow(this.#next, new Int32Array(n));
    this.#previous = grow(this.#previous, new Int32Array(n));
    return true;
  }

  /** Row of occurrence `i` of a field. Walking i upwards costs one step each. */
  row(field: number, i: number): number {
    const plan = this.#planOf[field];
    if (plan !== 0 && this.#planDone[plan] !== this.#packet) this.#appendLate(field, plan);
    let k = 0;
    let r = this.#heads[field];
    if (this.#cursorField === field && this.#cursorIndex <= i) {
      k = this.#cursorIndex;
      r = this.#cursorRow;
    }
    for (; k < i; k++) r = this.#next[r];
    this.#cursorField = field;
    this.#cursorIndex = i;
    this.#cursorRow = r;
    return r;
  }

  count(field: number): number {
    const plan = this.#planOf[field];
    if (plan !== 0 && this.#planDone[plan] !== this.#packet) this.#appendLate(field, plan);
    return this.#counts[field];
  }

  #appendLate(field: number, number: number): void {
    this.#planDone[number] = this.#packet;
    const plan = this.#plans[number];
    const { layers } = this;
    for (let i = 1; i < layers.count; i++) {
      const id = layers.id[i];
      for (let k = 0; k < plan.length; k += 3) {
        if (plan[k] !== id) continue;
        const at = layers.at[i] + plan[k + 1];
        const size = plan[k + 2];
        if (size < 0) this.append(field, ROW_BYTES, layers.source[i], at, layers.end[i] - at, i, 0);
        else if (at + size <= layers.end[i]) this.append(field, ROW_BYTES, layers.source[i], at, size, i, 1);
      }
    }
  }

  num(field: number, i: number): number {
    return this.rowNumber(this.row(field, i));
  }

  rowNumber(r: number): number {
    const kind = this.rowKind[r];
    if (kind === ROW_NUMBER || kind === ROW_TIME) return this.rowNum[r];
    const b = this.sources[this.rowSource[r]];
    const at = this.rowAt[r];
    const len = this.rowLen[r];
    if (this.#shape[this.rowField[r]] === PLAIN) {
      if (len === 2) return u16be(b, at);
      if (len === 1) return b[at];
      if (len === 4) return u32be(b, at);
    }
    const f = this.fields[this.rowField[r]];
    if (f.type === 'float' || f.type === 'double') return this.#real(b, at, len, f.little);
    let v = 0;
    if (f.little) for (let k = Math.min(len, 8) - 1; k >= 0; k--) v = v * 256 + b[at + k];
    else for (let k = 0; k < len && k < 8; k++) v = v * 256 + b[at + k];
    if (f.mask !== 0) return shiftDown(v, f.mask);
    if (f.type === 'boolean') return v === 0 ? 0 : 1;
    if (f.type.charCodeAt(0) === 0x69 && len > 0 && len < 7 && b[f.little ? at + len - 1 : at] >= 0x80 && f.type !== 'ipv4' && f.type !== 'ipv6') return v - 2 ** (8 * len);
    return v;
  }

  #real(b: Uint8Array, at: number, len: number, little: boolean): number {
    let view = this.#view[0];
    if (view === undefined || view.buffer !== b.buffer || view.byteOffset !== b.byteOffset) {
      view = new DataView(b.buffer, b.byteOffset, b.byteLength);
      this.#view[0] = view;
    }
    if (len === 4) return view.getFloat32(at, little);
    return len === 8 ? view.getFloat64(at, little) : 0;
  }

  big(field: number, i: number): bigint {
    return this.rowBig(this.row(field, i));
  }

  rowBig(r: number): bigint {
    if (this.rowKind[r] === ROW_NUMBER) return BigInt(Math.trunc(this.rowNum[r]));
    const f = this.fields[this.rowField[r]];
    const b = this.sources[this.rowSource[r]];
    const at = this.rowAt[r];
    const len = this.rowLen[r];
    let v = 0n;
    for (let k = 0; k < len; k++) v = (v << 8n) | BigInt(b[f.little ? at + len - 1 - k : at + k]);
    return f.type === 'i64' ? BigInt.asIntN(8 * len, v) : v;
  }

  seconds(field: number, i: number): number {
    return this.rowNum[this.row(field, i)];
  }

  nanoseconds(field: number, i: number): number {
    return this.rowNanos[this.row(field, i)];
  }

  source(field: number, i: number): Uint8Array {
    return this.sources[this.rowSource[this.row(field, i)]];
  }

  at(field: number, i: number): number {
    return this.rowAt[this.row(field, i)];
  }

  len(field: number, i: number): number {
    return this.rowLen[this.row(field, i)];
  }

  text(field: number, i: number): string {
    return this.rowText(this.row(field, i));
  }

  rowText(r: number): string {
    if (this.rowKind[r] === ROW_TEXT) return this.#texts[this.rowNum[r]];
    const at = this.rowAt[r];
    const text = this.host.utf8(this.sources[this.rowSource[r]], at, at + this.rowLen[r]);
    // A text ends at its first NUL, whatever its field has room for.
    const zero = text.indexOf('\0');
    return zero < 0 ? text : text.slice(0, zero);
  }

  layer(field: number, i: number): number {
    return this.layers.occurrence(this.rowLayer[this.row(field, i)]);
  }
}

const PLAIN = 1;

/** PLAIN where the bytes are an unsigned number, high byte first, and nothing else. */
function shapeOf(f: Field): number {
  return !f.little && f.mask === 0 && /^(u\d+|char|framenum)$/.test(f.type) ? PLAIN : 0;
}

/** The bits of `v` that `mask` selects, shifted down to bit 0. Works to 53 bits. */
export function shiftDown(v: number, mask: number): number {
  if (mask > 0xffffffff || v > 0xffffffff) {
    let m = BigInt(mask);
    let x = BigInt(v) & m;
    while ((m & 1n) === 0n) {
      m >>= 1n;
      x >>= 1n;
    }
    return Number(x);
  }
  return ((v & mask) >>> 0) >>> (31 - Math.clz32(mask & -mask));
}
