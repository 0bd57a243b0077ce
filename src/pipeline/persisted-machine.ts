import type { StateStore } from '../store/state-store.ts';

/**
 * The state of one machine (alert, incident, outbox, respond) between memory and the state store.
 *
 * The machines never change an object in place: what is still the same object needs no writing, so a step costs what it changed
 * and not what is held. Members of the state that are maps are stored entry by entry.
 */
export class PersistedMachine<S extends object> {
  readonly #store: StateStore;
  readonly #name: string;
  readonly #maps: ReadonlySet<string>;
  #state: S;

  /** `empty` says which members are maps: those that are an empty object. Reads what is stored. */
  constructor(store: StateStore, name: string, empty: S) {
    this.#store = store;
    this.#name = name;
    this.#maps = new Set(Object.entries(empty).filter(([, v]) => isRecord(v) && Object.keys(v as object).length === 0).map(([k]) => k));
    this.#state = this.#read(empty);
  }

  get state(): S {
    return this.#state;
  }

  /** Writes what differs; call inside a transaction. The state in memory is the new one when the caller says so with `adopt`. */
  write(next: S): void {
    for (const [field, value] of Object.entries(next)) {
      const before = (this.#state as Record<string, unknown>)[field];
      if (before === value) continue;
      if (!this.#maps.has(field)) {
        this.#store.putMachine(this.#name, field, value);
        continue;
      }
      const old = (before ?? {}) as Record<string, unknown>;
      const now = value as Record<string, unknown>;
      for (const key of Object.keys(now)) if (old[key] !== now[key]) this.#store.putMachine(this.#name, `${field}/${key}`, now[key]);
      for (const key of Object.keys(old)) if (!(key in now)) this.#store.deleteMachine(this.#name, `${field}/${key}`);
    }
  }

  /** After the transaction that wrote it is durable. */
  adopt(next: S): void {
    this.#state = next;
  }

  #read(empty: S): S {
    const state: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(empty)) state[field] = this.#maps.has(field) ? {} : value;
    for (const [key, value] of this.#store.readMachine(this.#name)) {
      const slash = key.indexOf('/');
      const field = slash < 0 ? key : key.slice(0, slash);
      // A member that this version no longer has.
      if (!(field in state)) continue;
      if (slash < 0) state[field] = value;
      else if (this.#maps.has(field)) (state[field] as Record<string, unknown>)[key.slice(slash + 1)] = value;
    }
    return state as S;
  }
}

function isRecord(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
