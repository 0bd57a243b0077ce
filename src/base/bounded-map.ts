/**
 * A map with a cap: when it is full, setting a new key evicts the entry least recently set or touched, and counts it.
 *
 * Iteration runs from the least to the most recent.
 */
export class BoundedMap<K, V> {
  readonly capacity: number;
  evicted = 0;
  #entries = new Map<K, V>();
  /**
   * Stands before the oldest entry: all that it has passed was evicted. A new walk would pass every gap that was left before it.
   * Given up after as many changes as the map may hold entries: all tables that the map has had since are kept while a walk stands
   * in the first of them.
   */
  #oldest: IterableIterator<[K, V]> | undefined;
  #changes = 0;
  #onEvict: ((key: K, value: V) => void) | undefined;

  constructor(capacity: number, onEvict?: (key: K, value: V) => void) {
    this.capacity = capacity;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Reads and marks as most recent. */
  touch(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#changed();
    return value;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.capacity) {
      const oldest = this.#takeOldest();
      if (oldest !== undefined) {
        this.#entries.delete(oldest[0]);
        this.evicted++;
        this.#onEvict?.(oldest[0], oldest[1]);
      }
    }
    this.#entries.set(key, value);
    this.#changed();
  }

  #changed(): void {
    if (this.#oldest !== undefined && ++this.#changes > this.capacity) this.#oldest = undefined;
  }

  #takeOldest(): [K, V] | undefined {
    const next = (this.#oldest ?? this.#walk()).next();
    if (next.done !== true) return next.value;
    // A walk that has come to the end stays there; what was added since needs another.
    return this.#walk().next().value;
  }

  #walk(): IterableIterator<[K, V]> {
    this.#oldest = this.#entries.entries();
    this.#changes = 0;
    return this.#oldest;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
  }
}
