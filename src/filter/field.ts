/**
 * The types that a display-filter field can have; Wireshark's FT_* under shorter names.
 *
 * `none` and `protocol` only exist or not; `protocol` also has bytes (`tcp contains "x"`).
 */
export type FieldType =
  | 'none' | 'protocol' | 'boolean' | 'char'
  | 'u8' | 'u16' | 'u24' | 'u32' | 'u40' | 'u48' | 'u64' | 'i8' | 'i16' | 'i24' | 'i32' | 'i64'
  | 'float' | 'double' | 'abstime' | 'reltime'
  | 'string' | 'bytes' | 'ether' | 'ipv4' | 'ipv6' | 'framenum' | 'guid' | 'oid' | 'eui64';

/** How people see an integer. `hex` also decides how `-T fields` writes it. */
export type FieldBase = 'dec' | 'hex' | 'dec_hex' | 'hex_dec' | 'oct' | 'none' | 'utc' | 'local';

/** Names of values (`1 -> "A"`), for the tree and for comparing with text. */
export type ValueNames = Readonly<Record<number, string>>;

/** One named value of a protocol, as the filter language, the tree and the columns know it. */
export interface Field {
  /** Wireshark's name, `dns.qry.name`. */
  readonly name: string;
  readonly title: string;
  readonly type: FieldType;
  readonly base: FieldBase;
  readonly values: ValueNames | undefined;
  /** Bits of the integer that are the value, 0 = all; the value is shifted down to bit 0. */
  readonly mask: number;
  /** Offset from the layer's start where the field is always there and read lazily; -1 = the dissector puts it. */
  readonly offset: number;
  /** Bytes that a fixed field takes; 0 where put. */
  readonly size: number;
  /** Little endian (fixed fields). */
  readonly little: boolean;
  /** Further names under which each occurrence can also be found (`ip.addr` for `ip.src`). */
  readonly also: readonly string[];
  /** Assigned by the registry: small, dense, unique in the process; -1 before. */
  id: number;
}

/** The names that a filter may use, and what they are. */
export interface Scheme {
  find(name: string): Field | undefined;
  /** All names, for suggestions. */
  names(): Iterable<string>;
}
