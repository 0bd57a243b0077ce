import type { Packet } from '../wire/packet.ts';
import { valueDisplay, valueText } from './value-text.ts';

/** One line of a packet's detail: a protocol, or a field with where its bytes lie. Plain data, so that it can be sent. */
export interface TreeNode {
  /** Wireshark's name of the field. */
  readonly name: string;
  readonly title: string;
  /** As `-T fields` writes it. */
  readonly value: string;
  /** For people; empty for protocols and labels. */
  readonly display: string;
  /** Bytes in source `source` (0 = the frame, counted from its first byte); `len` 0 = not in the bytes. */
  readonly source: number;
  readonly at: number;
  readonly len: number;
  /** The same value under a further name (`ip.addr` beside `ip.src`): for finding, not for showing. */
  readonly hidden: boolean;
  readonly children: TreeNode[];
}

/** The detail of the packet at hand, protocol by protocol. The packet's demand must keep the tree. */
export function packetTree(p: Packet): TreeNode[] {
  const roots: TreeNode[] = [];
  const byLayer: (TreeNode | undefined)[] = [];
  const open: (TreeNode[] | undefined)[] = [];
  for (let i = 0; i < p.layers.count; i++) {
    const d = p.registry.dissectors[p.layers.id[i]];
    if (d.name === 'ethertype' || (d.hierarchy === 'inside' && d.shownAs !== d.name)) continue;
    const node: TreeNode = {
      name: d.name, title: d.title, value: d.title, display: '', source: p.layers.source[i],
      at: p.layers.at[i] - (p.layers.source[i] === 0 ? p.frameAt : 0), len: p.layers.end[i] - p.layers.at[i], hidden: false, children: [],
    };
    byLayer[i] = node;
    open[i] = undefined;
    roots.push(node);
  }
  const { row } = p;
  const seen = new Map<number, number>();
  const stacks: TreeNode[][] = [];
  for (let r = 0; r < row.rowCount; r++) {
    const field = row.fields[row.rowField[r]];
    const occurrence = seen.get(field.id) ?? 0;
    seen.set(field.id, occurrence + 1);
    const layer = row.rowLayer[r];
    const top = byLayer[layer];
    if (top === undefined || (row.rowDepth[r] === 0 && field.type === 'protocol')) continue;
    const isLabel = field.type === 'none' || field.type === 'protocol';
    const node: TreeNode = {
      name: field.name, title: field.title, value: valueText(row, field, occurrence), display: isLabel ? '' : valueDisplay(row, field, occurrence),
      source: row.rowSource[r], at: row.rowAt[r] - (row.rowSource[r] === 0 ? p.frameAt : 0), len: row.rowLen[r],
      hidden: r > 0 && isFurtherName(row.fields, row.rowField, r), children: [],
    };
    // Depth 1 hangs on the protocol; what is deeper on the last line one level above.
    const stack = (stacks[layer] ??= []);
    const depth = Math.max(1, row.rowDepth[r]);
    stack.length = Math.min(stack.length, depth - 1);
    const parent = stack.length === 0 ? top : stack[stack.length - 1];
    (wholeOf(parent.children, node) ?? parent).children.push(node);
    if (!node.hidden) stack.push(node);
  }
  return roots;
}

/** Rows of further names follow the row of the field's own name at once. */
function isFurtherName(fields: Packet['row']['fields'], rowField: Int32Array, r: number): boolean {
  const name = fields[rowField[r]].name;
  for (let k = r - 1; k >= 0 && k >= r - 4; k--) if (fields[rowField[k]].also.includes(name)) return true;
  return false;
}

/** A part comes soon after its whole; a hostile packet has many thousands of lines. */
const MAX_LOOKED_BACK = 64;

/** The line that a part belongs to: `tcp.flags` for `tcp.flags.syn`, where its bytes lie within. */
function wholeOf(siblings: readonly TreeNode[], part: TreeNode): TreeNode | undefined {
  if (part.len === 0) return undefined;
  for (let i = siblings.length - 1, last = Math.max(0, siblings.length - MAX_LOOKED_BACK); i >= last; i--) {
    const s = siblings[i];
    if (part.name.startsWith(`${s.name}.`) && s.source === part.source && part.at >= s.at && part.at + part.len <= s.at + s.len) return s;
  }
  return undefined;
}

/** Lines of the tree as `-V` prints them. */
export function treeText(nodes: readonly TreeNode[], depth = 0): string {
  let out = '';
  for (const n of nodes) {
    if (n.hidden) continue;
    const line = n.display === '' ? n.title : `${n.title}: ${n.display}`;
    out += `${'    '.repeat(depth)}${n.len === 0 && depth > 0 ? `[${line}]` : line}\n${treeText(n.children, depth + 1)}`;
  }
  return out;
}
