/**
 * What a compiled filter reads from: the current packet, a flow, a record.
 *
 * Flat and without allocation: the filter asks how often a field occurs, then reads occurrence `i`. Which reader fits follows
 * from the field's type. A row is valid until its owner moves on.
 */
export interface FieldRow {
  /** Occurrences of the field (by `Field.id`) in this row. */
  count(field: number): number;
  /** Integers up to 53 bits, booleans (0, 1), frame numbers, floats. */
  num(field: number, i: number): number;
  /** 64-bit integers. */
  big(field: number, i: number): bigint;
  /** Seconds of an absolute or relative time. */
  seconds(field: number, i: number): number;
  /** Nanoseconds within the second (same sign as the seconds). */
  nanoseconds(field: number, i: number): number;
  /** The bytes that an occurrence lies in, with `at` and `len`: addresses, bytes, protocols, and raw `@field`. */
  source(field: number, i: number): Uint8Array;
  at(field: number, i: number): number;
  len(field: number, i: number): number;
  /** Text of a string field; made on demand, so it allocates. */
  text(field: number, i: number): string;
  /** Which occurrence of its protocol in the frame the value belongs to, from 1 (`ip.src#2`). */
  layer(field: number, i: number): number;
}

/** A filter ready to run, with the fields that it needs so that nothing else is read. */
export interface CompiledFilter {
  readonly text: string;
  /** Ids of the fields that it reads. */
  readonly uses: readonly number[];
  matches(row: FieldRow): boolean;
}
