/** Longest message that is put together of an upper layer's fragments; beyond, it is given up. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAX_FRAGMENTS = 4096;

/**
 * Fragments of one upper-layer message (COTP, DCE/RPC, transactions), in the order of capture: a message belongs to the frame
 * that ends it. One a conversation and direction, kept in the conversation's state.
 */
export class FragmentBuffer {
  /** Frames that gave fragments. */
  readonly frames: number[];
  length: number;
  #bytes: Uint8Array;

  constructor() {
    this.frames = [];
    this.length = 0;
    this.#bytes = new Uint8Array(0);
  }

  get pending(): boolean {
    return this.frames.length > 0;
  }

  /** Appends `[at, end)`; false where the message was given up for its length. */
  add(b: Uint8Array, at: number, end: number, frame: number): boolean {
    const total = this.length + (end - at);
    if (total > MAX_MESSAGE_BYTES || this.frames.length >= MAX_FRAGMENTS) {
      this.clear();
      return false;
    }
    if (total > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(total, Math.min(2 * this.#bytes.length, MAX_MESSAGE_BYTES)));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    this.#bytes.set(b.subarray(at, end), this.length);
    this.length = total;
    this.frames.push(frame);
    return true;
  }

  /** The message so far; the buffer keeps its list of frames until `clear`. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  clear(): void {
    this.frames.length = 0;
    this.length = 0;
    this.#bytes = EMPTY;
  }
}

const EMPTY = new Uint8Array(0);
