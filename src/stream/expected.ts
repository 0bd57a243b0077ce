/** Conversations that are expected at a time; beyond, the oldest is forgotten. */
const MAX_EXPECTED = 4096;

/** A conversation that another one announced: which endpoint it has, and what is known of it. */
interface Expectation {
  readonly ipProto: number;
  readonly ipVersion: number;
  /** Addresses as bytes; an empty `peer` is anybody. */
  readonly address: Uint8Array;
  readonly port: number;
  readonly peer: Uint8Array;
  readonly dissector: number;
  readonly about: unknown;
}

/** Endpoints of the packet at hand. */
export interface Endpoints {
  readonly network: Uint8Array;
  readonly ipVersion: number;
  readonly srcAt: number;
  readonly dstAt: number;
  readonly srcPort: number;
  readonly dstPort: number;
}

/**
 * Conversations that a control channel announces before they begin (the data channel of FTP, media that SDP describes): one endpoint
 * is known, the other's port is not. The first conversation that fits takes the expectation with it.
 */
export class ExpectedConversations {
  readonly #list: Expectation[];
  readonly #about: Map<number, unknown>;

  constructor() {
    this.#list = [];
    this.#about = new Map();
  }

  /** Expects a conversation with `address:port`, from or to `peer`, to be read by `dissector`; one of the same endpoints is replaced. */
  expect(ipProto: number, address: Uint8Array, port: number, peer: Uint8Array, dissector: number, about: unknown): void {
    const ipVersion = address.length === 16 ? 6 : 4;
    const known = this.#list.findIndex((e) => e.ipProto === ipProto && e.port === port && equal(e.address, address, 0) && equal(e.peer, peer, 0));
    if (known >= 0) this.#list.splice(known, 1);
    else if (this.#list.length >= MAX_EXPECTED) this.#list.shift();
    this.#list.push({ ipProto, ipVersion, address, port, peer, dissector, about });
  }

  /** The dissector of a conversation that has just begun, 0 where nobody expected it. */
  claim(flow: number, ipProto: number, ends: Endpoints): number {
    if (this.#list.length === 0) return 0;
    const { network: b, ipVersion, srcAt, dstAt, srcPort, dstPort } = ends;
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const e = this.#list[i];
      if (e.ipProto !== ipProto || e.ipVersion !== ipVersion) continue;
      const atSource = e.port === srcPort && equal(e.address, b, srcAt) && equal(e.peer, b, dstAt);
      if (!atSource && !(e.port === dstPort && equal(e.address, b, dstAt) && equal(e.peer, b, srcAt))) continue;
      this.#list.splice(i, 1);
      if (this.#about.size >= MAX_EXPECTED) for (const oldest of this.#about.keys()) {
        this.#about.delete(oldest);
        break;
      }
      this.#about.set(flow, e.about);
      return e.dissector;
    }
    return 0;
  }

  /** What the announcer told of a conversation that was claimed. */
  about(flow: number): unknown {
    return this.#about.get(flow);
  }
}

function equal(address: Uint8Array, b: Uint8Array, at: number): boolean {
  for (let i = 0; i < address.length; i++) if (address[i] !== b[at + i]) return false;
  return true;
}
