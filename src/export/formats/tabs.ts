import { definePacketFormat } from '../define-packet-format.ts';
import { readColumns } from '../packet-columns.ts';

/** The packet list with tabs between its columns. */
export const tabs = definePacketFormat({
  name: 'tabs',
  summary: 'the columns of the packet list between tabs',
  needsTree: () => true,
  create() {
    return {
      begin: () => '',
      packet(p) {
        const c = readColumns(p);
        return `${[String(c.number).padStart(5), c.time.padStart(10), c.source.padStart(12), '\u2192', c.destination.padEnd(12), c.protocol, c.length, c.info].join('\t')}\n`;
      },
      end: () => '',
    };
  },
});
export default tabs;
