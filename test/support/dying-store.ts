import type { StateStore } from '../../src/store/state-store.ts';

/** At which point of a transaction the program dies: nothing written, all but the commit, or committed and nothing done about it. */
export type DeathPoint = 'before' | 'within' | 'after';

/** What a dead program does: nothing. */
export class Death extends Error {
  constructor() {
    super('the program is dead');
  }
}

/**
 * A state store under which the program dies at a chosen transaction: whatever reaches the store afterwards finds it dead, so that no
 * effect follows; the file is what kill -9 leaves, for SQLite's rollback is the same whether its process is killed or told to.
 */
export function dyingStore(store: StateStore, at: number, point: DeathPoint): { readonly store: StateStore; readonly life: { dead: boolean; transactions: number } } {
  const life = { dead: false, transactions: 0 };
  let inside = false;
  const transaction = <T>(durability: 'full' | 'normal', work: () => T): T => {
    if (life.dead) throw new Death();
    if (inside) return work();
    inside = true;
    const last = ++life.transactions === at;
    try {
      if (last && point === 'before') throw new Death();
      const result = store.transaction(durability, () => {
        const value = work();
        if (last && point === 'within') throw new Death();
        return value;
      });
      if (last) throw new Death();
      return result;
    } finally {
      inside = false;
      if (last) life.dead = true;
    }
  };
  const guarded = new Proxy(store, {
    get(target, name) {
      if (name === 'transaction') return transaction;
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        if (life.dead) throw new Death();
        return (member as (...a: unknown[]) => unknown).apply(target, given);
      };
    },
  });
  return { store: guarded, life };
}
