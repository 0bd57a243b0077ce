import { PacketRing } from '../native/packet-ring.ts';
import type { CaptureCounts, CapturedPacket, CaptureSource, LiveOptions } from './capture-source.ts';

/** Blocks taken before the event loop has its turn again. */
const BLOCKS_PER_TURN = 16;
/** The kernel hands a block over after 20 ms at the latest; looking more often only costs. */
const IDLE_MS = 5;

/** Live packets from the kernel's ring. Only in a child process: it loads native code. */
export class RingSource implements CaptureSource {
  readonly kind = 'ring';
  readonly #ring: PacketRing;
  #stopped = false;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  /** @throws {WirewatchError} where the process may not, or the interface or filter is wrong. */
  constructor(options: LiveOptions) {
    this.#ring = new PacketRing(options);
  }

  /** LINKTYPE number of the interface. */
  get linkType(): number {
    return this.#ring.linkType;
  }

  start(onPacket: CapturedPacket): void {
    const { linkType } = this.#ring;
    const hand = (bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number): void =>
      onPacket(bytes, at, caplen, wireLen, seconds, nanoseconds, linkType);
    const turn = (): void => {
      if (this.#stopped) return;
      const blocks = this.#ring.drain(BLOCKS_PER_TURN, hand);
      this.#timer = blocks === BLOCKS_PER_TURN ? setImmediate(turn) : setTimeout(turn, IDLE_MS);
    };
    turn();
  }

  counts(): CaptureCounts {
    return this.#ring.statistics();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#ring.statistics();
    this.#ring.close();
  }
}
