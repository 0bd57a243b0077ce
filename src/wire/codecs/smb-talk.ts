/** What a request says that its answer does not. */
export interface SmbRequest {
  readonly command: number;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Share of TREE_CONNECT, file of an open, name of a transaction. */
  name: string;
  /** Tree of the request itself. */
  tid: number;
  /** Function of a transaction, and level of information it asks for. */
  function: number;
  level: number;
  /** File of the command, 0 = none. */
  fid: number;
  /** How the file is to be opened, as `OPEN_DETAILS` says. */
  details: Uint8Array | undefined;
}

/** An open file or a connected share. */
interface SmbFile {
  readonly name: string;
  /** Frame that opened it, and the one that asked to close it (0 = none). */
  readonly frame: number;
  closed: number;
  readonly details: Uint8Array | undefined;
}

/** Where in the details of an open file its words stand, 4 bytes each. */
export const OPEN_DETAILS = { ACCESS: 0, ATTRIBUTES: 4, SHARE: 8, OPTIONS: 12, DISPOSITION: 16, FLAGS: 20, SIZE: 24 } as const;

const MAX = 4096;

function keep<V>(map: Map<number, V>, key: number, value: V): void {
  if (map.size >= MAX && !map.has(key)) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}

/** What one connection of SMB 1 remembers: trees, open files, requests without an answer. All bounded. */
export class SmbTalk {
  readonly trees: Map<number, SmbFile>;
  readonly files: Map<number, SmbFile>;
  readonly requests: Map<number, SmbRequest>;

  constructor() {
    this.trees = new Map();
    this.files = new Map();
    this.requests = new Map();
  }

  /** `pid` and `mid` together name a request (MS-CIFS §2.2.1.6.1). */
  ask(pid: number, mid: number, request: SmbRequest): void {
    keep(this.requests, pid * 65_536 + mid, request);
  }

  asked(pid: number, mid: number): SmbRequest | undefined {
    return this.requests.get(pid * 65_536 + mid);
  }

  connect(tid: number, name: string, frame: number): void {
    keep(this.trees, tid, { name, frame, closed: 0, details: undefined });
  }

  open(fid: number, name: string, frame: number, details: Uint8Array | undefined): void {
    keep(this.files, fid, { name, frame, closed: 0, details });
  }
}

export const createSmbTalk = (): SmbTalk => new SmbTalk();
