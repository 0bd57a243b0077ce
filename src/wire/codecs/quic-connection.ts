import { toHex } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import type { QuicKeys } from './quic-keys.ts';

/** Encryption levels (RFC 9001 §2.1). */
export const LEVEL = { INITIAL: 0, EARLY: 1, HANDSHAKE: 2, APPLICATION: 3 } as const;

/** Bytes of CRYPTO frames beyond a gap that one stream keeps; handshakes stay far below. */
const MAX_AHEAD = 1 << 17;
/** Connections and connection ids that a capture's reader knows; beyond, the oldest are forgotten. */
const MAX_IDS = 65_536;

/** A piece of a stream that came before what precedes it. */
interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
}

/** What the CRYPTO frames of one level and direction have told so far (RFC 9000 §19.6). */
export class CryptoStream {
  /** Offset of the first byte that has not been handed on. */
  next = 0;
  /** Frames of the pieces that the last `add` joined; empty where it handed on what came. */
  readonly frames: number[] = [];
  readonly #ahead: Piece[] = [];
  #aheadBytes = 0;

  /**
   * Adds bytes; returns what may be handed on in order, undefined where nothing. What comes early waits, and so does all that
   * comes after it, until no gap is left: then they are handed on as one.
   */
  add(offset: number, bytes: Uint8Array, frame: number): Uint8Array | undefined {
    this.frames.length = 0;
    const end = offset + bytes.length;
    if (end <= this.next) return undefined;
    if (offset <= this.next && this.#ahead.length === 0) {
      const fresh = bytes.subarray(this.next - offset);
      this.next = end;
      return fresh;
    }
    if (this.#aheadBytes + bytes.length > MAX_AHEAD) return undefined;
    this.#aheadBytes += bytes.length;
    this.#ahead.push({ offset, bytes: bytes.slice(), frame });
    this.#ahead.sort((a, b) => a.offset - b.offset);
    let reached = this.next;
    for (const piece of this.#ahead) {
      if (piece.offset > reached) return undefined;
      reached = Math.max(reached, piece.offset + piece.bytes.length);
    }
    const joined = new Uint8Array(reached - this.next);
    for (const piece of this.#ahead) {
      const from = Math.max(0, this.next - piece.offset);
      if (from < piece.bytes.length) joined.set(piece.bytes.subarray(from), piece.offset + from - this.next);
      this.frames.push(piece.frame);
    }
    this.next = reached;
    this.#ahead.length = 0;
    this.#aheadBytes = 0;
    return joined;
  }
}

/** Largest packet number that a direction has shown in a packet number space, and its CRYPTO stream. */
class Space {
  largest = -1;
  readonly crypto = new CryptoStream();
}

/** What is remembered of one QUIC connection. Sides: 0 = client, 1 = server. */
export class QuicConnection {
  readonly number: number;
  version: number;
  /** Direction of the UDP conversation in which the client sends. */
  readonly clientDir: 0 | 1;
  /** The server has chosen its connection id: later Initial packets of the client name it. */
  serverChose = false;
  /** Bytes of the connection id that each side chose for itself, -1 = not known yet. */
  readonly idLength: [number, number] = [-1, -1];
  /** Keys by level, then side. */
  readonly keys: (readonly [QuicKeys | undefined, QuicKeys | undefined] | undefined)[] = [];
  readonly keyPhase: [number, number] = [0, 0];
  readonly #spaces: Space[] = [];
  /** Keys of the Initial level come from the id of a Retry (RFC 9001 §5.2). */
  retried = false;
  /** It was noted that the short packets cannot be decrypted. */
  closedNoted = false;

  constructor(number: number, version: number, clientDir: 0 | 1) {
    this.number = number;
    this.version = version;
    this.clientDir = clientDir;
  }

  setKeys(level: number, side: number, keys: QuicKeys): void {
    const before = this.keys[level];
    this.keys[level] = side === 0 ? [keys, before?.[1]] : [before?.[0], keys];
  }

  space(level: number, side: number): Space {
    // 0-RTT and 1-RTT share a space (RFC 9000 §12.3), though not a key.
    const i = (level === LEVEL.EARLY ? LEVEL.APPLICATION : level) * 2 + side;
    return (this.#spaces[i] ??= new Space());
  }
}

/** Connections of one capture by connection id, and by UDP conversation. */
export class QuicConnections {
  count = 0;
  /** The one whose packet is being read: what TLS inside it belongs to. */
  current: QuicConnection | undefined;
  readonly #byId = new Map<string, QuicConnection>();
  readonly #byFlow = new Map<number, QuicConnection>();

  begin(version: number, flow: number, dir: 0 | 1): QuicConnection {
    const c = new QuicConnection(this.count++, version, dir);
    this.#remember(this.#byFlow, flow, c);
    return c;
  }

  #remember<K>(map: Map<K, QuicConnection>, key: K, c: QuicConnection): void {
    if (map.size >= MAX_IDS) {
      for (const oldest of map.keys()) {
        map.delete(oldest);
        break;
      }
    }
    map.set(key, c);
  }

  name(b: Uint8Array, at: number, length: number, c: QuicConnection): void {
    if (length > 0) this.#remember(this.#byId, toHex(b, at, at + length), c);
  }

  byId(b: Uint8Array, at: number, length: number): QuicConnection | undefined {
    return length > 0 ? this.#byId.get(toHex(b, at, at + length)) : undefined;
  }

  byFlow(flow: number): QuicConnection | undefined {
    return this.#byFlow.get(flow);
  }
}

const create = (): QuicConnections => new QuicConnections();

/** The connections of the capture that `p` reads. */
export function quicConnections(p: PacketView): QuicConnections {
  return p.trackers.state('quic', 0, create);
}
