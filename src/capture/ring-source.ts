import { setTimeout as sleep } from 'node:timers/promises';
import { PacketRing, type RingPacket } from '../native/packet-ring.ts';
import type { CaptureCounts, CapturedPacket, CaptureSource, LiveOptions } from './capture-source.ts';

/** Blocks taken before the event loop has its turn again. */
const BLOCKS_PER_TURN = 16;
/** The kernel hands a block over after 20 ms at the latest; looking more often only costs. */
const IDLE_MS = 5;
/** What came last lies in a block that the kernel has not handed over yet: it is waited for. */
const LAST_BLOCK_MS = 30;

/** Live packets from the kernel's ring. Only in a child process: it loads native code. */
export class RingSource implements CaptureSource {
  readonly kind = 'ring';
  readonly #ring: PacketRing;
  readonly #blocks: number;
  #hand: RingPacket | undefined;
  #counts: CaptureCounts | undefined;
  #stopped = false;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  /** @throws {WirewatchError} where the process may not, or the interface or filter is wrong. */
  constructor(options: LiveOptions) {
    this.#ring = new PacketRing(options);
    this.#blocks = Math.ceil(options.ringBytes / 2 ** 20);
  }

  /** LINKTYPE number of the interface. */
  get linkType(): number {
    return this.#ring.linkType;
  }

  start(onPacket: CapturedPacket): void {
    const { linkType } = this.#ring;
    const hand: RingPacket = (bytes, at, caplen, wireLen, seconds, nanoseconds) => onPacket(bytes, at, caplen, wireLen, seconds, nanoseconds, linkType);
    this.#hand = hand;
    const turn = (): void => {
      if (this.#stopped) return;
      const blocks = this.#ring.drain(BLOCKS_PER_TURN, hand);
      this.#timer = blocks === BLOCKS_PER_TURN ? setImmediate(turn) : setTimeout(turn, IDLE_MS);
    };
    turn();
  }

  counts(): CaptureCounts {
    return this.#counts ?? this.#ring.statistics();
  }

  /** Hands over what has arrived until now, then closes. Not to be called from within `onPacket`. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    if (this.#hand !== undefined) {
      await sleep(LAST_BLOCK_MS);
      // Once around the ring and no more: the wire does not pause for us.
      this.#ring.drain(this.#blocks, this.#hand);
    }
    this.#counts = this.#ring.statistics();
    this.#ring.close();
  }
}
