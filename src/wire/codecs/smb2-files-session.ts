import { u16le, u32le } from '../../base/bytes.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA, type TransactionValue } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { CMD, FLAG_RESPONSE, HEAD } from './smb2-head.ts';

/** A message that is put together; larger ones (MS-SMB2 allows 8 MiB and more) are passed over and named. */
const MAX_MESSAGE = 16 << 20;
/** Requests that wait, trees and open files of one connection. */
const MAX_WAITING = 1024;
const MAX_OPEN = 4096;

const PIPE = 2;
const SHARE: Readonly<Record<number, string>> = { 1: 'DISK', 2: 'PIPE', 3: 'PRINT' };

interface Tree {
  readonly path: string;
  type: number;
}

/** A file that is open: what was read and what was written pass as files of their own, in the order of their offsets. */
interface Open {
  readonly name: string;
  readonly tree: Tree | undefined;
  size: number | null;
  readonly passing: [Passing | undefined, Passing | undefined];
}

/** Bytes of one file in one direction. */
interface Passing {
  readonly sink: FileSink;
  /** Offset that comes next; blocks that come early wait. */
  at: number;
  readonly early: Map<number, Uint8Array>;
  earlyBytes: number;
}

/** Bytes of blocks that came before their turn, one file. */
const MAX_EARLY = 8 << 20;

interface Waiting {
  readonly command: number;
  readonly name: string;
  readonly file: string;
  readonly offset: number;
  readonly frame: number;
  readonly time: Nanos;
}

/** One direction: bytes of a message that has not come whole. */
interface Side {
  held: Uint8Array | undefined;
  skip: number;
}

/**
 * SMB 2 and 3 (MS-SMB2) over direct TCP or NetBIOS: `smb_mapping` for each share that is connected, `smb_files` for each file that is
 * opened, renamed or deleted, and the content that is read and written as files. Encrypted messages are passed over.
 */
export class Smb2Session implements Session {
  readonly #sides: [Side, Side] = [{ held: undefined, skip: 0 }, { held: undefined, skip: 0 }];
  readonly #waiting = new Map<string, Waiting>();
  readonly #trees = new Map<number, Tree>();
  readonly #files = new Map<string, Open>();

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const side = this.#sides[dir];
    let b = bytes;
    let p = at;
    let to = end;
    if (side.skip > 0) {
      const n = Math.min(side.skip, to - p);
      side.skip -= n;
      p += n;
    }
    if (side.held !== undefined) {
      b = new Uint8Array(side.held.length + to - p);
      b.set(side.held);
      b.set(bytes.subarray(p, to), side.held.length);
      side.held = undefined;
      p = 0;
      to = b.length;
    }
    while (to - p >= 4) {
      // The head of a NetBIOS session message (RFC 1002 §4.3.1), with a length of 24 bits over direct TCP.
      const length = (b[p + 1] << 16) | (b[p + 2] << 8) | b[p + 3];
      if (length > MAX_MESSAGE) {
        ctx.anomaly('smb_message_too_long');
        side.skip = Math.max(0, length + 4 - (to - p));
        p = Math.min(to, p + 4 + length);
        continue;
      }
      if (to - p < 4 + length) break;
      this.#message(dir, b, p + 4, p + 4 + length, ctx);
      p += 4 + length;
    }
    if (p < to) side.held = b.slice(p, to);
  }

  gap(dir: 0 | 1, _length: number, ctx: SessionContext): void {
    // The next message is found only where it begins a segment; what is open has a hole.
    this.#sides[dir] = { held: undefined, skip: 0 };
    for (const open of this.#files.values()) open.passing[dir]?.sink.gap(1, ctx);
  }

  end(ctx: SessionContext): void {
    for (const open of this.#files.values()) this.#close(open, ctx);
    this.#files.clear();
  }

  /** One message: a chain of commands (MS-SMB2 §3.2.4.1.4). */
  #message(dir: 0 | 1, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    for (let p = at; end - p >= HEAD.SIZE && b[p] === 0xfe && b[p + 1] === 0x53; ) {
      const next = u32le(b, p + HEAD.NEXT);
      const commandEnd = next >= HEAD.SIZE && p + next <= end ? p + next : end;
      this.#command(dir, b, p, commandEnd, ctx);
      if (commandEnd === end || next === 0) return;
      p = commandEnd;
    }
  }

  #command(dir: 0 | 1, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const command = u16le(b, at + HEAD.COMMAND);
    const key = `${u32le(b, at + HEAD.MESSAGE_ID + 4)}.${u32le(b, at + HEAD.MESSAGE_ID)}`;
    const body = at + HEAD.SIZE;
    if ((u32le(b, at + HEAD.FLAGS) & FLAG_RESPONSE) === 0) {
      this.#request(dir, key, command, b, at, body, end, ctx);
      return;
    }
    const request = this.#waiting.get(key);
    const status = u32le(b, at + HEAD.STATUS);
    // An interim response leaves its request waiting (STATUS_PENDING).
    if (request === undefined || status === 0x103) return;
    this.#waiting.delete(key);
    if (status !== 0 && status !== 0x80000005) return;
    this.#response(dir, request, b, at, body, end, ctx);
  }

  #request(dir: 0 | 1, key: string, command: number, b: Uint8Array, at: number, body: number, end: number, ctx: SessionContext): void {
    let name = '';
    let file = '';
    let offset = 0;
    if (command === CMD.TREE_CONNECT && end - body >= 8) name = utf16(b, at + u16le(b, body + 4), u16le(b, body + 6), end);
    else if (command === CMD.CREATE && end - body >= 56) name = utf16(b, at + u16le(b, body + 44), u16le(b, body + 46), end);
    else if (command === CMD.CLOSE && end - body >= 24) file = fileId(b, body + 8);
    else if (command === CMD.READ && end - body >= 48) {
      file = fileId(b, body + 16);
      offset = u64(b, body + 8);
    } else if (command === CMD.WRITE && end - body >= 48) {
      file = fileId(b, body + 16);
      const dataAt = at + u16le(b, body + 2);
      this.#pass(dir, this.#files.get(file), u64(b, body + 8), b, dataAt, Math.min(end, dataAt + u32le(b, body + 4)), ctx);
    } else if (command === CMD.SET_INFO && end - body >= 32) {
      file = fileId(b, body + 16);
      this.#setInfo(b[body + 2], b[body + 3], b, at + u16le(b, body + 8), end, file, ctx);
    }
    if (this.#waiting.size >= MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value!);
    this.#waiting.set(key, { command, name, file, offset, frame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds) });
  }

  #response(dir: 0 | 1, request: Waiting, b: Uint8Array, at: number, body: number, end: number, ctx: SessionContext): void {
    const treeId = u32le(b, at + HEAD.TREE);
    switch (request.command) {
      case CMD.TREE_CONNECT: {
        if (end - body < 16) return;
        const tree = { path: request.name, type: b[body + 2] };
        if (this.#trees.size < MAX_OPEN) this.#trees.set(treeId, tree);
        this.#emit('smb_mapping', request, { path: tree.path, service: null, native_file_system: null, share_type: SHARE[tree.type] ?? null }, ctx);
        return;
      }
      case CMD.CREATE: {
        if (end - body < 88) return;
        const tree = this.#trees.get(treeId);
        const isDirectory = (u32le(b, body + 56) & 0x10) !== 0;
        const open: Open = { name: request.name, tree, size: isDirectory ? null : u64(b, body + 48), passing: [undefined, undefined] };
        if (this.#files.size < MAX_OPEN) this.#files.set(fileId(b, body + 64), open);
        this.#told(tree?.type === PIPE ? 'SMB::PIPE_OPEN' : 'SMB::FILE_OPEN', open, request, null, ctx);
        return;
      }
      case CMD.READ: {
        if (end - body < 16) return;
        const dataAt = at + b[body + 2];
        this.#pass(dir, this.#files.get(request.file), request.offset, b, dataAt, Math.min(end, dataAt + u32le(b, body + 4)), ctx);
        return;
      }
      case CMD.CLOSE: {
        const open = this.#files.get(request.file);
        if (open === undefined) return;
        this.#files.delete(request.file);
        this.#close(open, ctx);
        return;
      }
      default:
    }
  }

  /** Renames and deletions (MS-FSCC §2.4.37, §2.4.11). */
  #setInfo(type: number, level: number, b: Uint8Array, at: number, end: number, file: string, ctx: SessionContext): void {
    const open = this.#files.get(file);
    if (type !== 1 || open === undefined) return;
    const now: Waiting = { command: CMD.SET_INFO, name: '', file, offset: 0, frame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds) };
    if (level === 10 && end - at >= 20) this.#told('SMB::FILE_RENAME', { ...open, name: utf16(b, at + 20, u32le(b, at + 16), end) }, now, open.name, ctx);
    else if (level === 13 && end > at && b[at] !== 0) this.#told('SMB::FILE_DELETE', open, now, null, ctx);
  }

  /** Bytes `[at, end)` of a file at `offset`, in order: a block that comes before its turn waits, one sent again is passed over. */
  #pass(dir: 0 | 1, open: Open | undefined, offset: number, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (open === undefined || open.tree?.type === PIPE || end <= at) return;
    const passing = (open.passing[dir] ??= {
      sink: ctx.file(dir, { source: 'smb', name: open.name, declaredType: null, encoding: null, announcedBytes: dir === 1 ? open.size : null }), at: 0, early: new Map(), earlyBytes: 0,
    });
    if (offset > passing.at) {
      if (passing.early.has(offset) || passing.earlyBytes + end - at > MAX_EARLY) return;
      passing.early.set(offset, b.slice(at, end));
      passing.earlyBytes += end - at;
      return;
    }
    const from = at + (passing.at - offset);
    if (from >= end) return;
    passing.sink.data(b, from, end, ctx);
    passing.at += end - from;
    for (let block = passing.early.get(passing.at); block !== undefined; block = passing.early.get(passing.at)) {
      passing.early.delete(passing.at);
      passing.earlyBytes -= block.length;
      passing.sink.data(block, 0, block.length, ctx);
      passing.at += block.length;
    }
  }

  #close(open: Open, ctx: SessionContext): void {
    for (const [dir, passing] of open.passing.entries()) {
      if (passing === undefined) continue;
      // What waits beyond a hole belongs to the file, and the hole is told.
      for (const [offset, block] of [...passing.early].sort(([a], [z]) => a - z)) {
        if (offset > passing.at) passing.sink.gap(offset - passing.at, ctx);
        const from = Math.max(0, passing.at - offset);
        if (from < block.length) passing.sink.data(block, from, block.length, ctx);
        passing.at = Math.max(passing.at, offset + block.length);
      }
      passing.sink.end(dir === 0 || open.size === null || passing.at >= open.size, ctx);
    }
  }

  #told(action: string, open: Open, request: Waiting, previous: string | null, ctx: SessionContext): void {
    this.#emit('smb_files', request, { action, path: open.tree?.path ?? null, name: open.name, size: open.size, prev_name: previous }, ctx);
  }

  #emit(protocol: string, request: Waiting, values: Readonly<Record<string, TransactionValue>>, ctx: SessionContext): void {
    ctx.emit({ kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol, time: request.time, firstFrame: request.frame, lastFrame: Math.max(ctx.frame, request.frame), values } as SessionRecord);
  }
}

function fileId(b: Uint8Array, at: number): string {
  return `${u32le(b, at)}.${u32le(b, at + 4)}.${u32le(b, at + 8)}.${u32le(b, at + 12)}`;
}

function u64(b: Uint8Array, at: number): number {
  return u32le(b, at + 4) * 2 ** 32 + u32le(b, at);
}

function utf16(b: Uint8Array, at: number, length: number, end: number): string {
  let text = '';
  for (let p = at; p + 1 < Math.min(end, at + length); p += 2) text += String.fromCharCode(u16le(b, p));
  return text;
}

/** Found by the marks of versions 1 and 2; version 1 is passed over. */
export const smb2Session: SessionDefinition = {
  service: 'smb',
  transport: 'tcp',
  ports: [445, 139],
  logs: {
    smb_mapping: { path: 'string', service: 'string', native_file_system: 'string', share_type: 'string' },
    smb_files: { action: 'enum', path: 'string', name: 'string', size: 'count', prev_name: 'string' },
  },
  create: () => new Smb2Session(),
};
