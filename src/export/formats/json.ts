import { dayOf, nanosOf } from '../../base/time.ts';
import { chosenValues, isListColumn } from '../chosen-values.ts';
import { definePacketFormat } from '../define-packet-format.ts';
import { readColumns, type PacketColumns } from '../packet-columns.ts';
import { packetTree, type TreeNode } from '../packet-tree.ts';

/** Members of one level: a field that occurs more than once becomes a list, its parts stand in `name_tree`. */
function level(nodes: readonly TreeNode[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    const known = out[key];
    if (known === undefined) out[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else out[key] = [known, value];
  };
  for (const n of nodes) {
    if (n.children.length === 0 || n.display !== '') put(n.name, n.value);
    if (n.children.length > 0) put(n.display === '' ? n.name : `${n.name}_tree`, level(n.children));
  }
  return out;
}

/** Elasticsearch documents in one list, as `tshark -T json --no-duplicate-keys`. */
export const json = definePacketFormat({
  name: 'json',
  summary: 'one list of documents with every field, or with those chosen by -e',
  needsTree: (options) => options.fields.length === 0 || options.fields.some((f) => isListColumn(f.name)),
  create(options) {
    let first = true;
    return {
      begin: () => '[\n',
      packet(p) {
        let columns: PacketColumns | undefined;
        const layers: Record<string, unknown> = {};
        if (options.fields.length === 0) Object.assign(layers, level(packetTree(p)));
        for (const chosen of options.fields) {
          const values = chosenValues(p, chosen, () => (columns ??= readColumns(p)));
          if (values.length > 0) layers[chosen.name] = values;
        }
        const document = { _index: `packets-${dayOf(nanosOf(p.seconds, p.nanoseconds))}`, _type: 'doc', _score: null, _source: { layers } };
        const lead = first ? '' : ',\n';
        first = false;
        return `${lead}${JSON.stringify(document, null, 2).replaceAll(/^/gm, '  ')}`;
      },
      end: () => (first ? ']\n' : '\n]\n'),
    };
  },
});
export default json;
