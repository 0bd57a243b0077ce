import { SEGMENTS_ID } from './builtin.ts';
import type { Registry } from './registry.ts';

/**
 * Wanted fields that stand at fixed offsets of their layers and nowhere else: no row is made while the packet is walked. Where a
 * filter asks for one, its occurrences follow from the layer table; a clause that is never asked costs nothing.
 */
export class LateFields {
  /** By field id: number of its plan, 0 = the field is not late. */
  readonly planOf: Uint16Array;
  /** Dissector, offset, size (-1 = to the layer's end), and so on: where the field's occurrences lie within a layer. */
  readonly plans: readonly Int32Array[];

  constructor(registry: Registry, wanted: (field: number) => boolean) {
    this.planOf = new Uint16Array(registry.fields.length);
    const found = new Map<number, number[]>();
    const elsewhere = new Set<number>();
    for (let id = 1; id < registry.dissectors.length; id++) {
      const own = registry.protocolFields[id].id;
      // What every registry has is partly noted without a row: the list of EtherTypes, PDUs put together.
      if (wanted(own) && (id <= SEGMENTS_ID || registry.protocolFields[id].type !== 'protocol')) elsewhere.add(own);
      // Parts of a protocol are occurrences of its field as well.
      else if (wanted(own)) found.set(own, [...(found.get(own) ?? []), id, 0, -1]);
      for (const f of Object.values(registry.dissectors[id].fields)) {
        for (const name of [f.id, ...(registry.alsoIds[f.id] ?? [])]) {
          if (!wanted(name)) continue;
          if (f.offset < 0) elsewhere.add(name);
          else {
            const plan = found.get(name) ?? [];
            plan.push(id, f.offset, f.size);
            found.set(name, plan);
          }
        }
      }
    }
    const plans = [new Int32Array(0)];
    for (const [field, plan] of found) {
      if (elsewhere.has(field)) continue;
      this.planOf[field] = plans.length;
      plans.push(Int32Array.from(plan));
    }
    this.plans = plans;
  }
}
