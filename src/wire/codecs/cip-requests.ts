/** Requests of one conversation whose paths are kept; beyond, the oldest is forgotten. */
const MAX_WAITING = 256;

/** What a response needs of its request: the paths of the service and of those packed in it, and when it was sent. */
export interface CipRequest {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly paths: Uint8Array[];
}

/** Requests that wait for their response, by what identifies them (sequence count, sender context). */
export class CipConversation {
  readonly #waiting = new Map<string, CipRequest>();
  /** The request that is being read, or that the response at hand answers. */
  current: CipRequest | undefined = undefined;

  ask(key: string, request: CipRequest): void {
    if (this.#waiting.size >= MAX_WAITING) {
      for (const oldest of this.#waiting.keys()) {
        this.#waiting.delete(oldest);
        break;
      }
    }
    this.#waiting.delete(key);
    this.#waiting.set(key, request);
  }

  find(key: string): CipRequest | undefined {
    return this.#waiting.get(key);
  }
}

export function createCipConversation(): CipConversation {
  return new CipConversation();
}
