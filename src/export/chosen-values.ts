import type { Packet } from '../wire/packet.ts';
import type { ChosenField } from './define-packet-format.ts';
import type { PacketColumns } from './packet-columns.ts';
import { valueText } from './value-text.ts';

/** Columns of the packet list under tshark's names. */
const COLUMNS: Readonly<Record<string, (c: PacketColumns) => string>> = {
  '_ws.col.No.': (c) => String(c.number), '_ws.col.Time': (c) => c.time, '_ws.col.Source': (c) => c.source, '_ws.col.Destination': (c) => c.destination,
  '_ws.col.Protocol': (c) => c.protocol, '_ws.col.Length': (c) => String(c.length), '_ws.col.Info': (c) => c.info,
};

/** Whether a name is one of the list's columns (`_ws.col.Info`). */
export function isListColumn(name: string): boolean {
  return Object.hasOwn(COLUMNS, name);
}

export function listColumnNames(): string[] {
  return Object.keys(COLUMNS);
}

/** All values of a chosen field in the packet at hand, as text. */
export function chosenValues(p: Packet, chosen: ChosenField, columns: () => PacketColumns): string[] {
  const { field } = chosen;
  if (field === undefined) return [COLUMNS[chosen.name](columns())];
  const values: string[] = [];
  const n = p.row.count(field.id);
  for (let i = 0; i < n; i++) values.push(valueText(p.row, field, i));
  return values;
}
