import type { LayerTable } from './layer-table.ts';
import { REPEATED } from './layer-table.ts';
import type { Registry } from './registry.ts';

/** The layers as `frame.protocols` writes them: `eth:ethertype:ip:tcp`. */
export function protocolPath(registry: Registry, layers: LayerTable): string {
  let path = '';
  for (let i = 1; i < layers.count; i++) {
    const { shownAs, hierarchy } = registry.dissectors[layers.id[i]];
    if (hierarchy === 'heading' || (hierarchy === 'filled' && layers.at[i] === layers.end[i]) || (layers.marks[i] & REPEATED) !== 0) continue;
    path += path === '' ? shownAs : `:${shownAs}`;
  }
  return path;
}
