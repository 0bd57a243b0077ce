/**
 * Lets a few queries in at once, in the order in which they came, and now and then one visitor who needs the place to himself.
 *
 * An exclusive visitor waits for those inside to leave; nobody enters before it is done.
 */
export class QueryGate {
  readonly #free: number[];
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #closed = 0;

  constructor(places: number) {
    this.#places = places;
    this.#free = Array.from({ length: places }, (_, i) => places - 1 - i);
  }

  /** Number of the place, for `leave`. */
  async enter(): Promise<number> {
    while (this.#closed > 0 || this.#free.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#free.pop()!;
  }

  leave(place: number): void {
    this.#free.push(place);
    this.#wake();
  }

  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#closed++;
    try {
      while (this.#free.length < this.#places) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      return await work();
    } finally {
      this.#closed--;
      this.#wake();
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
