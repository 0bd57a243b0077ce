import { Conversations } from '../stream/conversations.ts';
import { ExpectedConversations } from '../stream/expected.ts';
import { IpDefrag } from '../stream/ip-defrag.ts';
import { Pending } from '../stream/pending.ts';
import { TcpAnalysis } from '../stream/tcp-analysis.ts';
import { TcpPdus } from '../stream/tcp-pdus.ts';
import { KeyLog } from './codecs/key-log.ts';

/** What a reader remembers from packet to packet. One a capture; none of it runs where nobody asked for what it gives. */
export class Trackers {
  readonly conversations: Conversations;
  readonly expected: ExpectedConversations;
  readonly pending: Pending;
  readonly tcp: TcpAnalysis;
  readonly pdus: TcpPdus;
  readonly defrag: IpDefrag;
  /** Secrets with which TLS and QUIC are decrypted: the capture's own, and what the reader adds. */
  /** Takes application data of TLS without its encryption, by conversation slot; set by who follows it. `content` is lent. */
  onDecrypted: ((flow: number, dir: 0 | 1, content: Uint8Array) => void) | undefined = undefined;
  readonly keyLog: KeyLog;
  readonly #states: Map<string, Map<number, unknown>>;

  constructor() {
    this.conversations = new Conversations();
    this.expected = new ExpectedConversations();
    this.pending = new Pending();
    this.tcp = new TcpAnalysis();
    this.pdus = new TcpPdus();
    this.defrag = new IpDefrag();
    this.keyLog = new KeyLog();
    this.#states = new Map();
    this.conversations.onForget = (slot) => this.#forget(slot);
  }

  #forget(slot: number): void {
    this.tcp.forget(slot);
    this.pdus.drop(2 * slot);
    this.pdus.drop(2 * slot + 1);
    for (const states of this.#states.values()) states.delete(slot);
  }

  /**
   * State of one protocol for one conversation, made at the first call. For protocols that must remember more than a pending
   * request (a negotiated option, a transfer under way); call it only where `detail` is set.
   */
  state<T>(protocol: string, flow: number, create: () => T): T {
    let states = this.#states.get(protocol);
    if (states === undefined) {
      states = new Map();
      this.#states.set(protocol, states);
    }
    let state = states.get(flow) as T | undefined;
    if (state === undefined) {
      state = create();
      if (states.size >= MAX_STATES) {
        for (const oldest of states.keys()) {
          states.delete(oldest);
          break;
        }
      }
      states.set(flow, state);
    }
    return state;
  }
}

/** Conversations of one protocol whose state is kept; beyond, the oldest is forgotten. */
const MAX_STATES = 65_536;
