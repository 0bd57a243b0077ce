import type { PacketView } from '../packet-view.ts';
import { createPipe } from './dcerpc-pipe.ts';
import { FragmentBuffer } from './fragment-buffer.ts';

/** A call that waits for its answer. */
interface Call {
  readonly opnum: number;
  readonly context: string;
  /** Object that the request was about. */
  readonly object: Uint8Array | undefined;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

const MAX_CONTEXTS = 1024;
const MAX_CALLS = 1024;
const MAX_PARTS = 64;

function bounded<V>(map: Map<string, V>, max: number, key: string, value: V): void {
  if (map.size >= max && !map.has(key)) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}

/** What one association remembers: which interface each context means, calls under way, fragments. Pipes of one SMB connection are kept apart by their file. */
export class DcerpcTalk {
  /** Number of the interface (see `interfaceKey`) by pipe and context. */
  readonly contexts: Map<string, number>;
  readonly calls: Map<string, Call>;
  readonly #parts: Map<string, FragmentBuffer>;

  constructor() {
    this.contexts = new Map();
    this.calls = new Map();
    this.#parts = new Map();
  }

  bind(key: string, interfaceKey: number): void {
    bounded(this.contexts, MAX_CONTEXTS, key, interfaceKey);
  }

  ask(key: string, call: Call): void {
    bounded(this.calls, MAX_CALLS, key, call);
  }

  /** Fragments of one call in one direction. */
  parts(key: string): FragmentBuffer {
    let parts = this.#parts.get(key);
    if (parts === undefined) {
      parts = new FragmentBuffer();
      bounded(this.#parts, MAX_PARTS, key, parts);
    }
    return parts;
  }
}

const create = (): DcerpcTalk => new DcerpcTalk();

export function dcerpcTalk(p: PacketView): DcerpcTalk {
  return p.flow >= 0 ? p.trackers.state('dcerpc', p.flow, create) : create();
}

/** The pipe over which the PDU at hand comes, as part of a key. */
export function pipeOf(p: PacketView): string {
  return p.trackers.state('dcerpc.transport', 0, createPipe).pipe;
}

/** The call whose stub is read: what an interface's dissector needs of the PDU. One a process, valid while the interface reads. */
export const dcerpcCall = {
  opnum: 0,
  isResponse: false,
  isEncrypted: false,
  little: true,
  /** NDR64 (MS-RPCE §2.2.5): pointers and counts have eight bytes. */
  isWide: false,
};

/** 48 bits of a UUID that tell interfaces apart: its first four bytes and its last two. */
export function interfaceKey(b: Uint8Array, at: number, little: boolean): number {
  const first = little
    ? (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0
    : ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
  return first * 65_536 + b[at + 14] * 256 + b[at + 15];
}

/** The same of a UUID's text. */
export function interfaceKeyOf(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8), 16) * 65_536 + Number.parseInt(uuid.slice(-4), 16);
}
