import { chosenValues, isListColumn } from '../chosen-values.ts';
import { definePacketFormat } from '../define-packet-format.ts';
import { readColumns, type PacketColumns } from '../packet-columns.ts';
import { escapeControls } from '../value-text.ts';

/** `tshark -T fields`: one line a packet, the chosen fields between separators. */
export const fields = definePacketFormat({
  name: 'fields',
  summary: 'the fields chosen by -e, one line a packet',
  needsTree: (options) => options.fields.some((f) => isListColumn(f.name)),
  create(options) {
    const quoted = (text: string): string => (options.quote === '' ? text : `${options.quote}${text.replaceAll(options.quote, `\\${options.quote}`)}${options.quote}`);
    return {
      begin: () => (options.header ? `${options.fields.map((f) => f.name).join(options.separator)}\n` : ''),
      packet(p) {
        let columns: PacketColumns | undefined;
        const cells = options.fields.map((chosen) => {
          const values = chosenValues(p, chosen, () => (columns ??= readColumns(p)));
          const shown = options.occurrence === 'f' ? values.slice(0, 1) : options.occurrence === 'l' ? values.slice(-1) : values;
          return shown.length === 0 ? '' : quoted(escapeControls(shown.join(options.aggregator)));
        });
        return `${cells.join(options.separator)}\n`;
      },
      end: () => '',
    };
  },
});
export default fields;
