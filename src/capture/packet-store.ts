import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Magic of a pcap file with nanosecond timestamps, little endian. */
const MAGIC_NS = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const BUFFER_BYTES = 256 * 1024;
const MAX_RECORD = 262_144 + RECORD_HEADER;
/** After a failed write (a full disk) the store waits this long before it tries again. */
const RETRY_MS = 5000;

export interface PacketStoreOptions {
  readonly dir: string;
  /** One segment file is about this large; what is deleted is deleted by whole segments. */
  readonly segmentBytes: number;
  /** Cap of all segments together. */
  readonly maxBytes: number;
  /** Payload retention: segments whose newest packet is older are deleted. */
  readonly maxAgeMs: number;
  readonly snaplen: number;
}

/** A segment on disk. Its name carries the second of its first packet, so that a time finds its segments without an index. */
export interface Segment {
  readonly file: string;
  readonly linkType: number;
  readonly firstSecond: number;
  readonly bytes: number;
}

export interface PacketStoreCounts {
  readonly written: number;
  readonly bytes: number;
  readonly segments: number;
  /** Packets that could not be written: disk full, or the folder gone. */
  readonly lost: number;
  readonly fault: string | null;
}

/**
 * The bounded store of packets on disk: a ring of pcap files, written by the capture process.
 *
 * Packets are buffered for at most a second. A process that is killed loses that second and nothing else: a segment whose tail is
 * cut is read up to its last whole packet. A full disk is counted and survived; capturing goes on.
 */
export class PacketStore {
  readonly #o: PacketStoreOptions;
  readonly #buffer = new Uint8Array(BUFFER_BYTES + MAX_RECORD);
  readonly #view = new DataView(this.#buffer.buffer);
  #used = 0;
  #fd = -1;
  #segmentBytes = 0;
  #linkType = -1;
  #packetsInBuffer = 0;
  #written = 0;
  #lost = 0;
  #fault: string | null = null;
  #retryAt = 0;
  #serial = 0;
  #lastPrune = 0;

  constructor(options: PacketStoreOptions) {
    this.#o = options;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  }

  /** Adds one packet; `at` in `bytes` is copied. */
  add(bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number, linkType: number): void {
    if (linkType !== this.#linkType || this.#segmentBytes + this.#used >= this.#o.segmentBytes) this.#roll(seconds, linkType);
    const kept = Math.min(caplen, this.#o.snaplen);
    const v = this.#view;
    const p = this.#used;
    v.setUint32(p, seconds, true);
    v.setUint32(p + 4, nanoseconds, true);
    v.setUint32(p + 8, kept, true);
    v.setUint32(p + 12, wireLen, true);
    if (kept < 96) for (let i = 0; i < kept; i++) this.#buffer[p + RECORD_HEADER + i] = bytes[at + i];
    else this.#buffer.set(bytes.subarray(at, at + kept), p + RECORD_HEADER);
    this.#used += RECORD_HEADER + kept;
    this.#packetsInBuffer++;
    if (this.#used >= BUFFER_BYTES) this.flush();
  }

  /** Writes what is buffered. Call it about once a second. */
  flush(): void {
    if (this.#used === 0) return;
    const packets = this.#packetsInBuffer;
    const used = this.#used;
    this.#used = 0;
    this.#packetsInBuffer = 0;
    if (this.#fd < 0) {
      this.#lost += packets;
      return;
    }
    try {
      for (let at = 0; at < used; ) at += writeSync(this.#fd, this.#buffer, at, used - at);
      this.#segmentBytes += used;
      this.#written += packets;
    } catch (error) {
      this.#fail(error, packets);
    }
  }

  /** Deletes what is too old or too much; at most once a second. */
  prune(nowMs: number): void {
    if (nowMs - this.#lastPrune < 1000) return;
    this.#lastPrune = nowMs;
    const segments = listSegments(this.#o.dir);
    let total = segments.reduce((sum, s) => sum + s.bytes, 0);
    for (const [i, segment] of segments.entries()) {
      if (i === segments.length - 1 && this.#fd >= 0) break;
      // Its newest packet is about as old as the first one of the next segment.
      const newest = segments[i + 1]?.firstSecond ?? segment.firstSecond;
      if (total <= this.#o.maxBytes && nowMs / 1000 - newest <= this.#o.maxAgeMs / 1000) break;
      unlinkSync(segment.file);
      total -= segment.bytes;
    }
  }

  counts(): PacketStoreCounts {
    const segments = listSegments(this.#o.dir);
    return { written: this.#written, bytes: segments.reduce((sum, s) => sum + s.bytes, 0), segments: segments.length, lost: this.#lost, fault: this.#fault };
  }

  close(): void {
    this.flush();
    this.#closeFile();
  }

  #roll(second: number, linkType: number): void {
    this.flush();
    this.#closeFile();
    this.#linkType = linkType;
    if (performance.now() < this.#retryAt) return;
    const name = `${String(second).padStart(10, '0')}-${String(process.pid)}-${String(this.#serial++).padStart(6, '0')}-${linkType}.pcap`;
    const header = new Uint8Array(FILE_HEADER);
    const v = new DataView(header.buffer);
    v.setUint32(0, MAGIC_NS, true);
    v.setUint16(4, 2, true);
    v.setUint16(6, 4, true);
    v.setUint32(16, this.#o.snaplen, true);
    v.setUint32(20, linkType, true);
    try {
      this.#fd = openSync(path.join(this.#o.dir, name), 'wx', 0o600);
      writeSync(this.#fd, header);
      this.#segmentBytes = FILE_HEADER;
      this.#fault = null;
      this.prune(Date.now());
    } catch (error) {
      this.#fail(error, 0);
    }
  }

  #closeFile(): void {
    if (this.#fd < 0) return;
    try {
      fsyncSync(this.#fd);
    } catch {
      // A full disk was told already.
    }
    closeSync(this.#fd);
    this.#fd = -1;
  }

  #fail(error: unknown, packets: number): void {
    this.#lost += packets;
    this.#fault = (error as NodeJS.ErrnoException).code ?? String(error);
    this.#closeFile();
    // The next packet after the pause opens a new segment.
    this.#linkType = -1;
    this.#retryAt = performance.now() + RETRY_MS;
    this.#lastPrune = 0;
    try {
      this.prune(Date.now());
    } catch {
      // The folder may be gone; the next try tells.
    }
  }
}

/** Segments of a store, oldest first. */
export function listSegments(dir: string): Segment[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return [];
  }
  return names
    .map((name) => ({ name, m: /^(\d{10})-\d+-\d{6}-(\d+)\.pcap$/.exec(name) }))
    .filter((s) => s.m !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, m }) => {
      try {
        const file = path.join(dir, name);
        return [{ file, firstSecond: Number(m![1]), linkType: Number(m![2]), bytes: statSync(file).size }];
      } catch {
        return [];
      }
    });
}

/** Segments that can hold packets of `[fromSecond, toSecond]`. */
export function segmentsBetween(dir: string, fromSecond: number, toSecond: number): Segment[] {
  const segments = listSegments(dir);
  return segments.filter((s, i) => s.firstSecond <= toSecond && (segments[i + 1]?.firstSecond ?? Number.POSITIVE_INFINITY) >= fromSecond);
}
