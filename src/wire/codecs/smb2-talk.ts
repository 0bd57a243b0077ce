import { toHex } from '../../base/bytes.ts';

/** A tree (share) that a session is connected to. */
export interface Smb2Tree {
  readonly name: string;
  readonly frame: number;
  /** 1 = disk, 2 = pipe, 3 = printer (MS-SMB2 §2.2.10). */
  readonly shareType: number;
}

/** A session: who it is, and its trees by id. */
export interface Smb2Session {
  account: string;
  domain: string;
  host: string;
  authFrame: number;
  readonly trees: Map<number, Smb2Tree>;
}

/** What a request says that its answer does not. */
export interface Smb2Request {
  readonly command: number;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** File name of CREATE, share name of TREE_CONNECT. */
  name: string;
  /** Class and level of GET_INFO and FIND, control code of IOCTL. */
  class: number;
  level: number;
  /** File of the command, as `fileKey` writes it. */
  file: string;
}

const MAX_REQUESTS = 1024;
const MAX_FILES = 4096;
const MAX_SESSIONS = 1024;
const MAX_TREES = 256;

function bounded<K, V>(map: Map<K, V>, max: number, key: K, value: V): void {
  if (map.size >= max && !map.has(key)) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}

/** What one connection of SMB2 remembers: open files, requests without an answer. All bounded. */
export class Smb2Talk {
  readonly requests: Map<number, Smb2Request>;
  /** Names of open files by file id. */
  readonly files: Map<string, string>;

  constructor() {
    this.requests = new Map();
    this.files = new Map();
  }

  ask(id: number, request: Smb2Request): void {
    bounded(this.requests, MAX_REQUESTS, id, request);
  }

  openFile(key: string, name: string): void {
    bounded(this.files, MAX_FILES, key, name);
  }

  connectTree(session: Smb2Session, id: number, tree: Smb2Tree): void {
    bounded(session.trees, MAX_TREES, id, tree);
  }
}

/** Sessions by their id: several connections may share one (MS-SMB2 §3.3.5.5.2), so they are kept for the whole capture. */
export class Smb2Sessions {
  readonly #sessions: Map<string, Smb2Session>;

  constructor() {
    this.#sessions = new Map();
  }

  get(id: string): Smb2Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = { account: '', domain: '', host: '', authFrame: 0, trees: new Map() };
      bounded(this.#sessions, MAX_SESSIONS, id, session);
    }
    return session;
  }
}

export const createSmb2Sessions = (): Smb2Sessions => new Smb2Sessions();

export const createSmb2Talk = (): Smb2Talk => new Smb2Talk();

/** A session id or file id as the key of a map. */
export function idKey(b: Uint8Array, at: number, len: number): string {
  return toHex(b, at, at + len);
}
