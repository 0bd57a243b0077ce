import { fromHex } from '../base/bytes.ts';
import { parseIp } from '../base/ip.ts';
import type { Field } from './field.ts';
import type { FieldRow } from './row.ts';
import { kindOf, utf8Bytes } from './value.ts';

interface Occurrence {
  readonly num: number;
  readonly big: bigint;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly layer: number;
}

const NO_BYTES = new Uint8Array(0);
const NS = 1_000_000_000n;

/**
 * A row that holds its values: for stored records, for what is not a packet, and for tests.
 *
 * Values are given as people hold them: numbers, bigints (64-bit integers; times in nanoseconds), texts, bytes; addresses as
 * text or bytes.
 */
export class MemoryRow implements FieldRow {
  #values = new Map<number, Occurrence[]>();

  clear(): void {
    this.#values.clear();
  }

  /** Adds an occurrence of the field. `layer` counts occurrences of its protocol in the row, from 1. */
  add(field: Field, value: number | bigint | boolean | string | Uint8Array, layer = 1): this {
    const list = this.#values.get(field.id);
    const occurrence = toOccurrence(field, value, layer);
    if (list === undefined) this.#values.set(field.id, [occurrence]);
    else list.push(occurrence);
    return this;
  }

  count(field: number): number {
    return this.#values.get(field)?.length ?? 0;
  }

  num(field: number, i: number): number {
    return this.#at(field, i).num;
  }

  big(field: number, i: number): bigint {
    return this.#at(field, i).big;
  }

  seconds(field: number, i: number): number {
    return Number(this.#at(field, i).big / NS);
  }

  nanoseconds(field: number, i: number): number {
    return Number(this.#at(field, i).big % NS);
  }

  source(field: number, i: number): Uint8Array {
    return this.#at(field, i).bytes;
  }

  at(): number {
    return 0;
  }

  len(field: number, i: number): number {
    return this.#at(field, i).bytes.length;
  }

  text(field: number, i: number): string {
    return this.#at(field, i).text;
  }

  layer(field: number, i: number): number {
    return this.#at(field, i).layer;
  }

  #at(field: number, i: number): Occurrence {
    const o = this.#values.get(field)?.[i];
    if (o === undefined) throw new Error(`field ${field} has no occurrence ${i}`);
    return o;
  }
}

function toOccurrence(field: Field, value: number | bigint | boolean | string | Uint8Array, layer: number): Occurrence {
  if (typeof value === 'object') return { num: 0, big: 0n, text: '', bytes: value, layer };
  if (typeof value === 'string') {
    const bytes = addressBytes(field, value) ?? (kindOf(field.type) === 'bytes' ? fromHex(value.replaceAll(/[:.-]/g, '')) : undefined) ?? utf8Bytes(value);
    return { num: 0, big: 0n, text: value, bytes, layer };
  }
  const num = Number(value);
  return { num, big: typeof value === 'bigint' ? value : BigInt(Math.trunc(num)), text: String(value), bytes: NO_BYTES, layer };
}

function addressBytes(field: Field, text: string): Uint8Array | undefined {
  if (field.type !== 'ipv4' && field.type !== 'ipv6') return undefined;
  const hex = parseIp(text);
  return hex === undefined ? undefined : fromHex(field.type === 'ipv4' ? hex.slice(24) : hex);
}
