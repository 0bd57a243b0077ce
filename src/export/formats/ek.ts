import { dayOf, nanosOf } from '../../base/time.ts';
import { chosenValues, isListColumn } from '../chosen-values.ts';
import { definePacketFormat } from '../define-packet-format.ts';
import { readColumns, type PacketColumns } from '../packet-columns.ts';
import { packetTree, type TreeNode } from '../packet-tree.ts';

function flatten(nodes: readonly TreeNode[], prefix: string, out: Record<string, unknown>): void {
  for (const n of nodes) {
    const key = `${prefix}_${n.name.replaceAll('.', '_')}`;
    const known = out[key];
    out[key] = known === undefined ? n.value : Array.isArray(known) ? [...(known as string[]), n.value] : [known, n.value];
    flatten(n.children, prefix, out);
  }
}

/** Elasticsearch's bulk form, two lines a packet: as `tshark -T ek`. */
export const ek = definePacketFormat({
  name: 'ek',
  summary: "Elasticsearch's bulk form, two lines a packet",
  needsTree: (options) => options.fields.length === 0 || options.fields.some((f) => isListColumn(f.name)),
  create(options) {
    return {
      begin: () => '',
      packet(p) {
        let columns: PacketColumns | undefined;
        const layers: Record<string, unknown> = {};
        for (const root of options.fields.length === 0 ? packetTree(p) : []) {
          const flat: Record<string, unknown> = {};
          flatten(root.children, root.name.replaceAll('.', '_'), flat);
          layers[root.name.replaceAll('.', '_')] ??= flat;
        }
        for (const chosen of options.fields) {
          const values = chosenValues(p, chosen, () => (columns ??= readColumns(p)));
          if (values.length > 0) layers[chosen.name.replaceAll('.', '_')] = values;
        }
        const timestamp = String(nanosOf(p.seconds, p.nanoseconds) / 1_000_000n);
        return `${JSON.stringify({ index: { _index: `packets-${dayOf(nanosOf(p.seconds, p.nanoseconds))}`, _type: 'doc' } })}\n${JSON.stringify({ timestamp, layers })}\n`;
      },
      end: () => '',
    };
  },
});
export default ek;
