import { INSIDE, PASSED } from '../wire/layer-table.ts';
import type { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';

/** Deeper levels are all printed at the same indent, and the last of a name is the one that counts (as tshark's `-z io,phs` does). */
const MAX_INDENT = 16;

interface Level {
  frames: number;
  bytes: number;
  readonly below: Map<string, Level>;
}

function newLevel(): Level {
  return { frames: 0, bytes: 0, below: new Map() };
}

/** The protocol hierarchy: how many frames and bytes each path of layers has, levels in the order in which they were first seen. */
export class ProtocolHierarchy {
  readonly #registry: Registry;
  readonly #root = newLevel();
  readonly #icmp: ReadonlySet<number>;
  readonly #cut: ReadonlySet<number>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#icmp = new Set([registry.id('icmp'), registry.id('icmpv6')]);
    this.#cut = new Set([registry.id('_ws.short'), registry.id('_ws.malformed')]);
  }

  /** Counts a packet that has been walked with every layer. */
  add(p: Packet): void {
    const { layers } = p;
    let level = this.#root;
    let inIcmp = false;
    for (let i = 0; i < layers.count; i++) {
      const id = layers.id[i];
      const d = this.#registry.dissectors[id];
      // What an ICMP message carries stands inside its own part of the tree.
      if (d.hierarchy === 'inside' || (layers.marks[i] & (INSIDE | PASSED)) !== 0 || (inIcmp && !this.#cut.has(id))) continue;
      let next = level.below.get(d.shownAs);
      if (next === undefined) {
        next = newLevel();
        level.below.set(d.shownAs, next);
      }
      next.frames++;
      next.bytes += p.wireLen;
      level = next;
      if (this.#icmp.has(id)) inIcmp = true;
    }
  }

  /** Frames and bytes by path (`frame:eth:ip:tcp`). */
  paths(): Record<string, [frames: number, bytes: number]> {
    const out: Record<string, [number, number]> = {};
    flatten(this.#root, [], out);
    return out;
  }
}

function flatten(level: Level, path: readonly string[], out: Record<string, [number, number]>): void {
  for (const [name, next] of level.below) {
    const deep = path.length > MAX_INDENT;
    out[[...path.slice(0, MAX_INDENT), deep ? `...${name}` : name].join(':')] = [next.frames, next.bytes];
    flatten(next, deep ? path : [...path, name], out);
  }
}
