import { SEGMENTS_ID, SHORT_ID } from './builtin.ts';
import type { LayerTable } from './layer-table.ts';
import { REPEATED } from './layer-table.ts';
import type { Registry } from './registry.ts';

/** The layers as `frame.protocols` writes them: `eth:ethertype:ip:tcp`. */
export function protocolPath(registry: Registry, layers: LayerTable): string {
  let path = '';
  for (let i = 1; i < layers.count; i++) {
    if (layers.id[i] === SHORT_ID || layers.id[i] === SEGMENTS_ID || (layers.marks[i] & REPEATED) !== 0) continue;
    const { name } = registry.dissectors[layers.id[i]];
    path += path === '' ? name : `:${name}`;
  }
  return path;
}
