// Protocol hierarchy: frames and bytes of each path of layers.
import type { AnswerMaker } from '../corpus/corpus.ts';
import { Demand } from '../../src/wire/demand.ts';
import { INSIDE, PASSED } from '../../src/wire/layer-table.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const demand = new Demand(registry, [registry.find('frame.protocols')!.id], { track: true });
const cutShort = new Set([registry.id('_ws.short'), registry.id('_ws.malformed')]);
const icmp = new Set([registry.id('icmp'), registry.id('icmpv6')]);
/** Deeper levels are all printed at the same indent, and the last of a name is the one that counts. */
const MAX_INDENT = 16;

interface Node {
  frames: number;
  bytes: number;
  readonly below: Map<string, Node>;
}

/** The tree in the order in which it is printed. */
function flatten(node: Node, path: readonly string[], out: Record<string, [number, number]>): void {
  for (const [name, child] of node.below) {
    const deep = path.length >= MAX_INDENT;
    out[[...path.slice(0, MAX_INDENT), deep ? `...${name}` : name].join(':')] = [child.frames, child.bytes];
    flatten(child, deep ? path : [...path, name], out);
  }
}

const maker: AnswerMaker = {
  answer(corpus, file) {
    const root: Node = { frames: 0, bytes: 0, below: new Map() };
    walkCapture(corpus.pathOf(file), demand, (packet, head) => {
      let node = root;
      let inIcmp = false;
      for (let i = 0; i < packet.layers.count; i++) {
        const id = packet.layers.id[i];
        const d = registry.dissectors[id];
        if (d.hierarchy === 'inside' || (packet.layers.marks[i] & (INSIDE | PASSED)) !== 0 || (inIcmp && !cutShort.has(id))) continue;
        let child = node.below.get(d.name);
        if (child === undefined) {
          child = { frames: 0, bytes: 0, below: new Map() };
          node.below.set(d.name, child);
        }
        child.frames++;
        child.bytes += head.wireLen;
        node = child;
        // What an ICMP message carries stands inside its own part of the tree.
        if (icmp.has(id)) inIcmp = true;
      }
    });
    const phs: Record<string, [number, number]> = {};
    flatten(root, [], phs);
    return { file, phs };
  },
};
export default maker;
