import type { Digest, DigestAlgorithm, Host } from '../base/host.ts';
import { toHex } from '../base/bytes.ts';
import type { Nanos } from '../base/time.ts';
import { nanosOf } from '../base/time.ts';
import { PROTOCOL_SCHEMA, type FileRecord } from '../model/index.ts';
import type { FileHead, FileSink, SessionContext, SessionRecord } from '../wire/session.ts';
import { SNIFF_BYTES, fileType } from './file-type.ts';

/** What is done with files that pass. */
export interface FileOptions {
  /** Digests that records carry. */
  readonly digests: readonly DigestAlgorithm[];
  /** Called with a file's record and its bytes (owned by the callee) when it ends; bytes beyond `maxBytes` are not there. */
  readonly content?: (record: FileRecord, bytes: Uint8Array) => void;
  /** Bytes kept of one file, default 64 MiB. */
  readonly maxBytes?: number;
  /** Bytes kept of all files in hand, default 256 MiB; beyond, a file's bytes are counted and not kept. */
  readonly maxTotalBytes?: number;
}

const MAX_BYTES = 64 << 20;
const MAX_TOTAL_BYTES = 256 << 20;

/** Makes a record complete and hands it out; gives it back as it was written. */
export type EmitFile = (record: SessionRecord) => FileRecord | undefined;

/**
 * The files in hand of one reader. Bytes are kept only where somebody wants the content or where an encoding must be taken off;
 * else they are counted and digested as they pass.
 */
export class FileCollector {
  readonly host: Host;
  readonly options: FileOptions;
  readonly maxBytes: number;
  /** Bytes kept now, and files whose bytes were not kept for want of room. */
  keptBytes = 0;
  overflowed = 0;
  readonly #maxTotal: number;

  constructor(host: Host, options: FileOptions) {
    this.host = host;
    this.options = options;
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#maxTotal = options.maxTotalBytes ?? MAX_TOTAL_BYTES;
  }

  open(dir: 0 | 1, head: FileHead, ctx: SessionContext, emit: EmitFile): FileSink {
    return new OpenFile(this, dir, head, ctx, emit);
  }

  /** Room for so many more bytes, taken where it is there. */
  take(bytes: number): boolean {
    if (this.keptBytes + bytes > this.#maxTotal) return false;
    this.keptBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.keptBytes -= bytes;
  }
}

const DECODERS: Readonly<Record<string, 'gzip' | 'deflate' | 'br' | 'zstd'>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate', 'x-deflate': 'deflate', br: 'br', zstd: 'zstd' };

class OpenFile implements FileSink {
  readonly #files: FileCollector;
  readonly #dir: 0 | 1;
  readonly #head: FileHead;
  readonly #emit: EmitFile;
  readonly #firstFrame: number;
  readonly #time: Nanos;
  readonly #decoder: 'gzip' | 'deflate' | 'br' | 'zstd' | undefined;
  #digests: Digest[];
  #pieces: Uint8Array[] | undefined;
  #kept = 0;
  #bytes = 0;
  #missing = 0;
  #first: Uint8Array | undefined;
  #ended = false;

  constructor(files: FileCollector, dir: 0 | 1, head: FileHead, ctx: SessionContext, emit: EmitFile) {
    this.#files = files;
    this.#dir = dir;
    this.#head = head;
    this.#emit = emit;
    this.#firstFrame = ctx.frame;
    this.#time = nanosOf(ctx.seconds, ctx.nanoseconds);
    this.#decoder = head.encoding === null ? undefined : DECODERS[head.encoding.toLowerCase()];
    this.#digests = this.#decoder === undefined ? files.options.digests.map((a) => files.host.startDigest(a)) : [];
    if (files.options.content !== undefined || this.#decoder !== undefined) this.#pieces = [];
  }

  data(bytes: Uint8Array, at: number, end: number): void {
    const length = end - at;
    if (length <= 0 || this.#ended) return;
    this.#bytes += length;
    for (const d of this.#digests) d.update(bytes, at, end);
    if (this.#pieces === undefined) {
      if (this.#first === undefined || this.#first.length < SNIFF_BYTES) this.#first = join([...(this.#first === undefined ? [] : [this.#first]), bytes.slice(at, Math.min(end, at + SNIFF_BYTES))]);
      return;
    }
    const keep = Math.min(length, this.#files.maxBytes - this.#kept);
    if (keep < length || !this.#files.take(keep)) {
      this.#overflow();
      return;
    }
    this.#kept += keep;
    this.#pieces.push(bytes.slice(at, at + keep));
  }

  gap(length: number): void {
    this.#missing += length;
    // A digest of a file with holes is no digest of the file.
    this.#digests = [];
  }

  end(whole: boolean, ctx: SessionContext): void {
    if (this.#ended) return;
    this.#ended = true;
    const { host, options } = this.#files;
    let content = this.#pieces === undefined ? undefined : join(this.#pieces);
    this.#files.release(this.#kept);
    let decoded = this.#decoder === undefined;
    let digests = this.#digests.map((d) => toHex(d.finish()));
    if (content !== undefined && this.#decoder !== undefined) {
      const plain = this.#decode(content);
      if (plain !== undefined) {
        content = plain;
        decoded = true;
      }
      if (this.#missing === 0) digests = options.digests.map((a) => digestOf(host, a, content!));
    }
    const first = content ?? this.#first;
    const digest = (a: DigestAlgorithm): string | null => digests[options.digests.indexOf(a)] ?? null;
    const record = this.#emit({
      kind: 'file', schema: PROTOCOL_SCHEMA, time: this.#time, firstFrame: this.#firstFrame, lastFrame: Math.max(ctx.frame, this.#firstFrame),
      source: this.#head.source, name: this.#head.name, declaredType: this.#head.declaredType, mimeType: first === undefined ? null : fileType(first, 0, first.length),
      fromInitiator: this.#dir === 0, depth: this.#head.depth ?? 0, bytes: this.#decoder !== undefined && decoded && content !== undefined ? content.length : this.#bytes,
      announcedBytes: this.#head.announcedBytes, missingBytes: this.#missing, complete: whole && this.#missing === 0 && decoded,
      sha256: digest('sha256'), sha1: digest('sha1'), md5: digest('md5'),
    } as SessionRecord);
    if (record !== undefined && content !== undefined) options.content?.(record, content);
    this.#pieces = undefined;
    this.#first = undefined;
  }

  #decode(content: Uint8Array): Uint8Array | undefined {
    const { host, maxBytes } = this.#files;
    // Some servers mean raw deflate by `deflate` (RFC 9110 §8.4.1.2).
    return host.inflate(this.#decoder!, content, maxBytes) ?? (this.#decoder === 'deflate' ? host.inflate('raw', content, maxBytes) : undefined);
  }

  /** No room: the bytes so far are given back, the rest is counted. */
  #overflow(): void {
    this.#files.overflowed++;
    this.#files.release(this.#kept);
    this.#kept = 0;
    this.#first = join(this.#pieces ?? []).slice(0, SNIFF_BYTES);
    this.#pieces = undefined;
    if (this.#decoder !== undefined) this.#digests = [];
  }
}

function digestOf(host: Host, algorithm: DigestAlgorithm, bytes: Uint8Array): string {
  const d = host.startDigest(algorithm);
  d.update(bytes, 0, bytes.length);
  return toHex(d.finish());
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const out = new Uint8Array(pieces.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of pieces) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}
