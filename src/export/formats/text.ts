import { ColourRules } from '../colour-rules.ts';
import { definePacketFormat } from '../define-packet-format.ts';
import { hexDump } from '../hex-dump.ts';
import { readColumns } from '../packet-columns.ts';
import { packetTree, treeText } from '../packet-tree.ts';

/** The packet list for people; with `-V` every field, with `-x` the bytes. */
export const text = definePacketFormat({
  name: 'text',
  summary: 'a line a packet for people; with -V its details, with -x its bytes',
  needsTree: () => true,
  create(options) {
    let rules: ColourRules | undefined;
    return {
      begin: () => '',
      packet(p) {
        let out = '';
        const c = readColumns(p);
        if (options.detail) out += `${treeText(packetTree(p))}\n`;
        else {
          const line = `${String(c.number).padStart(5)} ${c.time.padStart(10)} ${c.source.padStart(12)} \u2192 ${c.destination.padEnd(12)} ${c.protocol} ${c.length} ${c.info}`;
          out += `${options.colour ? (rules ??= new ColourRules(p.registry)).paint(p.row, line) : line}\n`;
        }
        if (options.bytes) {
          for (let s = 0; s < p.row.sourceCount; s++) {
            const b = p.row.sources[s];
            if (s > 0) out += `${p.sourceKinds[s]} (${b.length} bytes):\n`;
            out += s === 0 ? hexDump(b, p.frameAt, p.frameAt + p.caplen) : hexDump(b, 0, b.length);
          }
          out += '\n';
        }
        return out;
      },
      end: () => '',
    };
  },
});
export default text;
