/** Longest application message that is put together (IEEE 1815-2012 recommends 2048). */
const MAX_MESSAGE = 65_536;
const MAX_FRAGMENTS = 1024;

/** The transport fragments of one direction of one link, since the first one (FIR) came. */
export class Dnp3Message {
  bytes = new Uint8Array(2048);
  length = 0;
  readonly frames: number[] = [];
  #open = false;
  #sequence = 0;

  /** Adds the fragment `[at, end)`. True where it is in order. */
  add(b: Uint8Array, length: number, control: number, frame: number): boolean {
    const sequence = control & 0x3f;
    if ((control & 0x40) !== 0) {
      this.length = 0;
      this.frames.length = 0;
      this.#open = true;
    } else if (!this.#open || sequence !== ((this.#sequence + 1) & 0x3f)) {
      this.#open = false;
      return false;
    }
    if (this.length + length > MAX_MESSAGE || this.frames.length >= MAX_FRAGMENTS) {
      this.#open = false;
      return false;
    }
    if (this.length + length > this.bytes.length) {
      const grown = new Uint8Array(MAX_MESSAGE);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    for (let i = 0; i < length; i++) this.bytes[this.length + i] = b[i];
    this.length += length;
    this.frames.push(frame);
    this.#sequence = sequence;
    return true;
  }
}

/** Messages under way in both directions of a conversation, by link addresses. */
export class Dnp3Conversation {
  readonly #messages = new Map<number, Dnp3Message>();

  of(direction: number): Dnp3Message {
    let message = this.#messages.get(direction);
    if (message === undefined) {
      if (this.#messages.size >= 64) this.#messages.clear();
      message = new Dnp3Message();
      this.#messages.set(direction, message);
    }
    return message;
  }
}

export function createDnp3Conversation(): Dnp3Conversation {
  return new Dnp3Conversation();
}
