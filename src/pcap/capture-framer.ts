import { u16be, u16le, u32be, u32le } from '../base/bytes.ts';
import { WirewatchError } from '../base/errors.ts';
import { plural } from '../base/text.ts';
import { FrameHead } from '../wire/frame-head.ts';
import type { CaptureFormat, PacketReceiver } from './capture-format.ts';
import { MAX_RECORD_BYTES, NEED_MORE } from './capture-format.ts';
import { PcapFormat } from './pcap-format.ts';
import { PcapngFormat } from './pcapng-format.ts';
import { SnoopFormat } from './snoop-format.ts';

/** Bytes read at once; larger chunks were slower (fewer of them stay in the cache). */
export const CHUNK_BYTES = 256 * 1024;
/**
 * Frames a capture of any supported format: bytes in, packets out, in place.
 *
 * The caller fills `room()` and says how much with `filled(n)`; each packet reaches `onPacket` with offsets in the framer's one
 * buffer, valid during the call. What is left of a record is carried over. Damage ends the reading: `damage` tells it, and
 * every packet before it was delivered.
 */
export class CaptureFramer implements PacketReceiver {
  readonly head: FrameHead;
  packets: number;
  damage: WirewatchError | undefined;
  format: CaptureFormat | undefined;
  readonly #onPacket: (head: FrameHead) => void;
  readonly #onSlab: (() => void) | undefined;
  #buffer: Uint8Array;
  #start: number;
  #end: number;
  /** Bytes of the file before the buffer's first. */
  #base: number;
  #stopped: boolean;

  /** `onSlab` is called before the bytes of the packets delivered so far change: who has kept some back reads them then. */
  constructor(onPacket: (head: FrameHead) => void, onSlab?: () => void) {
    this.head = new FrameHead();
    this.packets = 0;
    this.damage = undefined;
    this.format = undefined;
    this.#onPacket = onPacket;
    this.#onSlab = onSlab;
    this.#buffer = new Uint8Array(2 * CHUNK_BYTES);
    this.#start = 0;
    this.#end = 0;
    this.#base = 0;
    this.#stopped = false;
  }

  /** Where the next bytes go: at least one, at most `CHUNK_BYTES`. */
  room(): Uint8Array {
    return this.#buffer.subarray(this.#end, Math.min(this.#buffer.length, this.#end + CHUNK_BYTES));
  }

  /** Ends the reading after the packet at hand: nothing more is delivered. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped || this.damage !== undefined;
  }

  /** Offset in the file of the record that is read next. */
  get offset(): number {
    return this.#base + this.#start;
  }

  /** Takes `n` bytes that were written to `room()` and delivers the packets that are whole. */
  filled(n: number): void {
    this.#end += n;
    this.#frame();
    this.#onSlab?.();
    this.#makeRoom();
  }

  /** Copies bytes that stand elsewhere (a pipe, an inflater) and delivers the packets that are whole. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.stopped; ) {
      const room = this.room();
      const n = Math.min(room.length, bytes.length - at);
      room.set(bytes.subarray(at, at + n));
      this.filled(n);
      at += n;
    }
  }

  /** The input is over: what is left of a record is damage, an input without any byte is an empty capture. */
  end(): void {
    if (this.stopped || this.#start === this.#end) return;
    if (this.format === undefined) this.#fail('it is too short to be a capture');
    else this.#fail('it is cut short in the middle of a record');
  }

  /** One packet from the format's own loop. */
  take(head: FrameHead, at: number): boolean {
    this.packets++;
    this.#start = at;
    this.#onPacket(head);
    return !this.#stopped;
  }

  #frame(): void {
    const head = this.head;
    const buffer = this.#buffer;
    while (!this.stopped) {
      if (this.format === undefined) {
        if (this.#end - this.#start < 8) return;
        this.format = formatOf(buffer, this.#start);
        if (this.format === undefined) {
          this.#fail('it is none of pcap, pcapng and snoop');
          return;
        }
      }
      const format = this.format;
      if (format.packets !== undefined) {
        head.bytes = buffer;
        this.#start = format.packets(buffer, this.#start, this.#end, head, this);
        if (this.stopped) return;
      }
      format.packet = false;
      const taken = format.step(buffer, this.#start, this.#end, head);
      if (taken === NEED_MORE) return;
      if (taken < 0) {
        this.#fail(format.fault);
        return;
      }
      if (format.packet) {
        this.packets++;
        head.bytes = buffer;
        this.#onPacket(head);
      }
      this.#start += taken;
    }
  }

  #makeRoom(): void {
    const left = this.#end - this.#start;
    if (left === 0) {
      this.#base += this.#start;
      this.#start = 0;
      this.#end = 0;
      return;
    }
    if (this.#buffer.length - this.#end >= CHUNK_BYTES) return;
    if (left > MAX_RECORD_BYTES) {
      this.#fail('a record is longer than any can be');
      return;
    }
    const into = left > this.#buffer.length - CHUNK_BYTES ? new Uint8Array(this.#buffer.length * 2) : this.#buffer;
    into.set(this.#buffer.subarray(this.#start, this.#end));
    this.#base += this.#start;
    this.#buffer = into;
    this.#start = 0;
    this.#end = left;
  }

  #fail(reason: string): void {
    this.damage = new WirewatchError('WW_CAPTURE_FORMAT', `The capture cannot be read on: ${reason}.`, {
      where: `byte ${this.offset}, after ${plural(this.packets, 'packet')}`,
      remedy: this.packets === 0 ? 'Give a pcap, pcapng or snoop file, plain or compressed with gzip.' : 'The packets before the damage are valid.',
    });
  }
}

function formatOf(b: Uint8Array, at: number): CaptureFormat | undefined {
  switch (u32be(b, at)) {
    case 0xa1b2c3d4: return new PcapFormat(u16be, u32be, 1000, 16);
    case 0xd4c3b2a1: return new PcapFormat(u16le, u32le, 1000, 16);
    case 0xa1b23c4d: return new PcapFormat(u16be, u32be, 1, 16);
    case 0x4d3cb2a1: return new PcapFormat(u16le, u32le, 1, 16);
    // Alexey Kuznetsov's patched libpcap: eight more bytes in each record head.
    case 0xa1b2cd34: return new PcapFormat(u16be, u32be, 1000, 24);
    case 0x34cdb2a1: return new PcapFormat(u16le, u32le, 1000, 24);
    case 0x0a0d0d0a: return new PcapngFormat();
    case 0x736e6f6f: return new SnoopFormat();
    default: return undefined;
  }
}
