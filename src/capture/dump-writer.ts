import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import { PACKET_BLOCK_OVERHEAD, pcapngInterface, pcapngSection, pcapngStatistics, writePcapngPacket } from '../pcap/pcapng-writer.ts';

/** When a ring of files goes on to its next one; null = never for that reason. As dumpcap's `-b`. */
export interface RotateWhen {
  readonly bytes: number | null;
  readonly seconds: number | null;
  readonly packets: number | null;
  /** Files that are kept; the oldest is deleted. null = all. */
  readonly files: number | null;
}

/** When the capture ends by itself; null = never for that reason. As dumpcap's `-a` and `-c`. */
export interface StopWhen {
  readonly bytes: number | null;
  readonly seconds: number | null;
  readonly packets: number | null;
  readonly files: number | null;
}

export interface DumpOptions {
  /** File name, or `-` for standard output. With rotation, a number and the time are put before its suffix. */
  readonly file: string;
  readonly format: 'pcapng' | 'pcap';
  readonly interface: string;
  readonly filter: string;
  readonly snaplen: number;
  readonly rotate: RotateWhen;
  readonly stop: StopWhen;
}

const BUFFER_BYTES = 256 * 1024;
const MAX_PACKET = 262_144 + 4;
/** What is buffered is written after this time at the latest, so that a reader of the file sees it. */
const MAX_HOLD_MS = 100;
const PCAP_NANOSECONDS = 0xa1b23c4d;

/**
 * Writes captured packets to a file or a ring of files, and says when the capture is to end.
 *
 * Time is handed in (milliseconds, monotonic for durations; the wall clock for names), so that a test need not wait.
 */
export class DumpWriter {
  readonly #o: DumpOptions;
  readonly #buffer = new Uint8Array(BUFFER_BYTES + MAX_PACKET + PACKET_BLOCK_OVERHEAD);
  readonly #view = new DataView(this.#buffer.buffer);
  readonly #rotating: boolean;
  #fd = -1;
  #used = 0;
  #fileBytes = 0;
  #filePackets = 0;
  #fileSinceMs = 0;
  #startedMs = 0;
  #heldSinceMs = 0;
  #linkType = -1;
  #serial = 0;
  #closedFiles = 0;
  #rotateNext = false;
  #lastSeconds = 0;
  #lastNanos = 0;
  readonly #kept: string[] = [];
  packets = 0;
  bytes = 0;
  /** Why the capture is to end: `packets`, `duration`, `filesize`, `files`, `reader gone`; null = it goes on. */
  finished: string | null = null;

  constructor(options: DumpOptions) {
    this.#o = options;
    const { bytes, seconds, packets } = options.rotate;
    this.#rotating = bytes !== null || seconds !== null || packets !== null;
  }

  /** Files that exist, oldest first. */
  get files(): readonly string[] {
    return this.#kept;
  }

  /** Opens the first file, so that a name that cannot be written is told before anything is captured. */
  start(linkType: number, nowMs: number, wallMs: number): void {
    this.#linkType = linkType;
    this.#startedMs = nowMs;
    this.#open(nowMs, wallMs);
  }

  /** Adds one packet; nothing after `finished`. */
  add(bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number): void {
    if (this.finished !== null) return;
    const kept = Math.min(caplen, this.#o.snaplen);
    const before = this.#used;
    if (this.#o.format === 'pcapng') this.#used = writePcapngPacket(this.#buffer, this.#view, this.#used, 0, seconds, nanoseconds, bytes, at, kept, wireLen);
    else this.#addRecord(bytes, at, kept, wireLen, seconds, nanoseconds);
    this.#lastSeconds = seconds;
    this.#lastNanos = nanoseconds;
    this.#fileBytes += this.#used - before;
    this.bytes += kept;
    this.packets++;
    this.#filePackets++;
    const { rotate, stop } = this.#o;
    if (this.#used >= BUFFER_BYTES) this.flush();
    if (this.packets === stop.packets) this.finished = 'packets';
    else if (stop.bytes !== null && this.#fileBytes >= stop.bytes && !this.#rotating) this.finished = 'filesize';
    else if ((rotate.bytes !== null && this.#fileBytes >= rotate.bytes) || this.#filePackets === rotate.packets) this.#rotateNext = true;
  }

  /** Is the next file due? Then `tick` must come before the next packet. */
  get due(): boolean {
    return this.#rotateNext || this.finished !== null;
  }

  /** To be called often, and at once where `due`: goes on to the next file, writes what waits, looks at the clock. */
  tick(nowMs: number, wallMs: number): void {
    const { rotate, stop } = this.#o;
    if (this.finished === null && stop.seconds !== null && nowMs - this.#startedMs >= stop.seconds * 1000) this.finished = 'duration';
    if (this.finished !== null) return;
    if (rotate.seconds !== null && nowMs - this.#fileSinceMs >= rotate.seconds * 1000 && this.#filePackets > 0) this.#rotateNext = true;
    if (this.#rotateNext) {
      this.#rotateNext = false;
      this.#close(0, 0);
      if (this.#closedFiles === stop.files) {
        this.finished = 'files';
        return;
      }
      this.#open(nowMs, wallMs);
      return;
    }
    if (this.#used === 0) this.#heldSinceMs = nowMs;
    else if (nowMs - this.#heldSinceMs >= MAX_HOLD_MS) {
      this.#heldSinceMs = nowMs;
      this.flush();
    }
  }

  /** @throws {WirewatchError} WW_STORE_FULL or WW_ARGUMENT where the file cannot be written on. */
  flush(): void {
    const used = this.#used;
    this.#used = 0;
    if (this.#fd < 0) return;
    try {
      for (let at = 0; at < used; ) at += writeSome(this.#fd, this.#buffer, at, used - at);
    } catch (error) {
      if (this.#fd > 1) closeSync(this.#fd);
      this.#fd = -1;
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
        // `wirewatch capture -w - | head`: the reader has had enough.
        this.finished = 'reader gone';
        return;
      }
      throw writeError(error, this.#kept.at(-1) ?? this.#o.file);
    }
  }

  /** Ends the last file; the counts go into it (pcapng). */
  end(received: number, dropped: number): void {
    if (this.#fd >= 0) this.#close(received, dropped);
  }

  #addRecord(bytes: Uint8Array, at: number, kept: number, wireLen: number, seconds: number, nanoseconds: number): void {
    const p = this.#used;
    this.#view.setUint32(p, seconds, true);
    this.#view.setUint32(p + 4, nanoseconds, true);
    this.#view.setUint32(p + 8, kept, true);
    this.#view.setUint32(p + 12, wireLen, true);
    this.#buffer.set(bytes.subarray(at, at + kept), p + 16);
    this.#used = p + 16 + kept;
  }

  #open(nowMs: number, wallMs: number): void {
    const file = this.#o.file === '-' ? '-' : this.#rotating ? ringName(this.#o.file, ++this.#serial, wallMs) : this.#o.file;
    try {
      this.#fd = file === '-' ? 1 : openSync(file, 'w', 0o600);
    } catch (error) {
      throw writeError(error, file);
    }
    this.#kept.push(file);
    if (this.#o.rotate.files !== null && this.#kept.length > this.#o.rotate.files) {
      try {
        unlinkSync(this.#kept.shift()!);
      } catch {
        // Somebody took it away: that was to happen anyway.
      }
    }
    this.#fileSinceMs = nowMs;
    this.#filePackets = 0;
    const head = this.#o.format === 'pcapng' ? Buffer.concat([pcapngSection('Wirewatch'), pcapngInterface(this.#linkType, this.#o.snaplen, this.#o.interface, this.#o.filter)]) : pcapHead(this.#linkType, this.#o.snaplen);
    this.#buffer.set(head, 0);
    this.#used = head.length;
    this.#fileBytes = head.length;
    this.flush();
  }

  #close(received: number, dropped: number): void {
    if (this.#o.format === 'pcapng' && received > 0) {
      const counts = pcapngStatistics(0, this.#lastSeconds, this.#lastNanos, received, dropped);
      this.#buffer.set(counts, this.#used);
      this.#used += counts.length;
    }
    this.flush();
    if (this.#fd > 1) closeSync(this.#fd);
    this.#fd = -1;
    this.#closedFiles++;
  }
}

/** `a.pcapng` as `a_00001_20260131235959.pcapng`: number and local time of its beginning, as dumpcap names them. */
export function ringName(file: string, serial: number, wallMs: number): string {
  const { dir, name, ext } = path.parse(file);
  const t = new Date(wallMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  const stamp = `${t.getFullYear()}${two(t.getMonth() + 1)}${two(t.getDate())}${two(t.getHours())}${two(t.getMinutes())}${two(t.getSeconds())}`;
  return path.join(dir, `${name}_${String(serial).padStart(5, '0')}_${stamp}${ext}`);
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes; where a pipe is full, waits for its reader: meanwhile the kernel's ring fills, and what it drops is counted. */
function writeSome(fd: number, bytes: Uint8Array, at: number, length: number): number {
  try {
    return writeSync(fd, bytes, at, length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(pause, 0, 0, 2);
    return 0;
  }
}

function pcapHead(linkType: number, snaplen: number): Uint8Array {
  const head = new Uint8Array(24);
  const v = new DataView(head.buffer);
  v.setUint32(0, PCAP_NANOSECONDS, true);
  v.setUint16(4, 2, true);
  v.setUint16(6, 4, true);
  v.setUint32(16, snaplen, true);
  v.setUint32(20, linkType, true);
  return head;
}

function writeError(error: unknown, where: string): WirewatchError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new WirewatchError('WW_STORE_FULL', 'the disk is full; what was captured until now is kept', { where, remedy: 'limit the capture: -b filesize:100000,files:10', cause: error });
  return new WirewatchError('WW_ARGUMENT', `the capture cannot be written: ${message}`, { where, cause: error });
}
