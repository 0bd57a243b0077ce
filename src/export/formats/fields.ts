import type { Packet } from '../../wire/packet.ts';
import { chosenValues, isListColumn } from '../chosen-values.ts';
import { definePacketFormat, type ChosenField, type PacketFormatOptions } from '../define-packet-format.ts';
import { readColumns, type PacketColumns } from '../packet-columns.ts';
import { TextBytes } from '../../base/text-bytes.ts';
import { escapeControls, isDecimal, valueText } from '../value-text.ts';

const NEW_LINE = 10;

/** Values may not break the line that they stand in. */
function oneLine(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 7 && c <= 13) return escapeControls(text);
  }
  return text;
}

/** `tshark -T fields`: one line a packet, the chosen fields between separators. */
export const fields = definePacketFormat({
  name: 'fields',
  summary: 'the fields chosen by -e, one line a packet',
  needsTree: (options) => options.fields.some((f) => isListColumn(f.name)),
  create(options) {
    const line = new TextBytes();
    const fill = (p: Packet, out: TextBytes): void => {
      let columns: PacketColumns | undefined;
      for (let i = 0; i < options.fields.length; i++) {
        if (i > 0) out.put(options.separator, p.host);
        const chosen = options.fields[i];
        // Most cells hold one value and no quotes: those are written without a list of texts.
        if (chosen.field === undefined || options.quote !== '') out.put(cellText(p, chosen, options, () => (columns ??= readColumns(p))), p.host);
        else writeCell(p, chosen.field.id, options, out);
      }
      out.byte(NEW_LINE);
    };
    return {
      begin: () => (options.header ? `${options.fields.map((f) => f.name).join(options.separator)}\n` : ''),
      packet(p) {
        line.clear();
        fill(p, line);
        return line.text(p.host);
      },
      fill,
      end: () => '',
    };
  },
});
export default fields;

function writeCell(p: Packet, id: number, options: PacketFormatOptions, out: TextBytes): void {
  const { row } = p;
  const n = row.count(id);
  if (n === 0) return;
  const first = options.occurrence === 'l' ? n - 1 : 0;
  const last = options.occurrence === 'f' ? 1 : n;
  const field = row.fields[id];
  for (let i = first; i < last; i++) {
    if (i > first) out.put(options.aggregator, p.host);
    if (isDecimal(field)) out.number(row.num(id, i), p.host);
    else if (field.type === 'ipv4') {
      const r = row.row(id, i);
      out.ipv4(row.sources[row.rowSource[r]], row.rowAt[r]);
    } else out.put(oneLine(valueText(row, field, i)), p.host);
  }
}

function cellText(p: Packet, chosen: ChosenField, options: PacketFormatOptions, columns: () => PacketColumns): string {
  const values = chosenValues(p, chosen, columns);
  const shown = options.occurrence === 'f' ? values.slice(0, 1) : options.occurrence === 'l' ? values.slice(-1) : values;
  if (shown.length === 0) return '';
  const text = oneLine(shown.join(options.aggregator));
  return options.quote === '' ? text : `${options.quote}${text.replaceAll(options.quote, `\\${options.quote}`)}${options.quote}`;
}
