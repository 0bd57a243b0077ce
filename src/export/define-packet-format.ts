import type { Field } from '../filter/field.ts';
import type { Packet } from '../wire/packet.ts';
import type { TextBytes } from '../base/text-bytes.ts';

/** What the user chose beside the format; tshark's `-e`, `-E`, `-V`, `-x`. */
export interface PacketFormatOptions {
  /** Chosen fields, in order; names with their fields. */
  readonly fields: readonly ChosenField[];
  readonly header: boolean;
  readonly separator: string;
  /** Joins several occurrences of one field. */
  readonly aggregator: string;
  readonly occurrence: 'a' | 'f' | 'l';
  readonly quote: '' | '"' | "'";
  /** Details of every packet (`-V`). */
  readonly detail: boolean;
  /** Bytes of every packet (`-x`). */
  readonly bytes: boolean;
  /** Lines are marked by what they show (terminals). */
  readonly colour: boolean;
}

/** A column: a field, or a column of the packet list (`_ws.col.Info`). */
export interface ChosenField {
  readonly name: string;
  readonly field: Field | undefined;
}

/** Writes packets one by one; what it returns goes out at once. */
export interface PacketWriter {
  begin(): string;
  packet(p: Packet): string;
  /** The same into bytes, where the format can do that for less than a text. */
  fill?(p: Packet, out: TextBytes): void;
  end(): string;
}

/** One form in which packets leave the program: one file in export/formats exports one of these. */
export interface PacketFormat {
  readonly name: string;
  readonly summary: string;
  /** True where it shows every value, so that the packet must keep the tree; else the chosen fields suffice. */
  needsTree(options: PacketFormatOptions): boolean;
  create(options: PacketFormatOptions): PacketWriter;
}

export function definePacketFormat(format: PacketFormat): PacketFormat {
  return format;
}
