import { readCaptureSync } from './file-source.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import type { CaptureCounts, CapturedPacket, CaptureSource } from './capture-source.ts';

const MAX_BYTES = 64 * 1024 * 1024;

interface Kept {
  readonly bytes: Uint8Array;
  readonly wireLen: number;
  readonly linkType: number;
  /** Nanoseconds after the first packet. */
  readonly offsetNs: number;
}

/**
 * A small capture played at its own pace, as if it passed on the wire now: the demo's traffic. Timestamps are shifted so that
 * the first packet is seen at the start.
 */
export class PacedFileSource implements CaptureSource {
  readonly kind = 'file';
  readonly #packets: Kept[] = [];
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  /** @throws {WirewatchError} WW_CAPTURE_FORMAT where it cannot be read. */
  constructor(file: string) {
    let firstSeconds = -1;
    let firstNanos = 0;
    let bytes = 0;
    const framer: CaptureFramer = new CaptureFramer((head) => {
      if (firstSeconds < 0) {
        firstSeconds = head.seconds;
        firstNanos = head.nanoseconds;
      }
      bytes += head.caplen;
      if (bytes > MAX_BYTES) return framer.stop();
      this.#packets.push({
        bytes: head.bytes.slice(head.at, head.at + head.caplen), wireLen: head.wireLen, linkType: head.linkType,
        offsetNs: (head.seconds - firstSeconds) * 1e9 + head.nanoseconds - firstNanos,
      });
    });
    readCaptureSync(file, framer);
    if (framer.damage !== undefined) throw framer.damage;
  }

  start(onPacket: CapturedPacket, onEnd: (reason: string) => void): void {
    const startedAt = performance.now();
    const base = BigInt(Date.now()) * 1_000_000n;
    const turn = (): void => {
      const elapsedNs = (performance.now() - startedAt) * 1e6;
      while (this.#next < this.#packets.length && this.#packets[this.#next].offsetNs <= elapsedNs) {
        const p = this.#packets[this.#next++];
        const at = base + BigInt(Math.round(p.offsetNs));
        onPacket(p.bytes, 0, p.bytes.length, p.wireLen, Number(at / 1_000_000_000n), Number(at % 1_000_000_000n), p.linkType);
      }
      if (this.#next >= this.#packets.length) return onEnd('ended');
      this.#timer = setTimeout(turn, Math.max(1, (this.#packets[this.#next].offsetNs - elapsedNs) / 1e6));
    };
    turn();
  }

  counts(): CaptureCounts {
    return { received: this.#next, dropped: 0 };
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
  }
}
