/**
 * A map with a cap for many short-lived keys: what was not touched for a whole generation is forgotten, and counted.
 *
 * Two plain maps, young and old. A key that is touched is young; when the young map holds half the capacity it becomes the old one,
 * and what the old one still held alone is evicted. Touching costs one look-up where an exact order of use costs a removal and an
 * insertion, which a hash table of this size pays for with copying.
 */
export class GenerationMap<K, V> {
  readonly capacity: number;
  evicted = 0;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Reads without touching. */
  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Reads and keeps the key for another generation. */
  touch(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.capacity / 2) return;
    for (const k of this.#old.keys()) if (!this.#young.has(k)) this.evicted++;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** The older generation first; deleting the entry at hand is allowed. */
  *entries(): IterableIterator<[K, V]> {
    for (const entry of this.#old) if (!this.#young.has(entry[0])) yield entry;
    yield* this.#young;
  }
}
