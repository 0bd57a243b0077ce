import { compareTime, type CapturedPacket } from './captured-packet.ts';

/**
 * Puts packets into the order of time, as far as they are out of it by no more than `capacity` packets. What comes later than that
 * keeps its place in the output and is counted.
 */
export class PacketWindow {
  readonly capacity: number;
  /** Packets that came too late to be put right. */
  late: number;
  readonly #heap: { packet: CapturedPacket; serial: number }[];
  #serial: number;
  #last: CapturedPacket | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.late = 0;
    this.#heap = [];
    this.#serial = 0;
    this.#last = undefined;
  }

  /** Takes one packet, and gives the earliest back once the window is full. */
  push(packet: CapturedPacket): CapturedPacket | undefined {
    this.#add(packet);
    return this.#heap.length > this.capacity ? this.take() : undefined;
  }

  /** The earliest packet that is held. */
  take(): CapturedPacket | undefined {
    const heap = this.#heap;
    if (heap.length === 0) return undefined;
    const [{ packet }] = heap;
    const end = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = end;
      this.#sink();
    }
    if (this.#last !== undefined && compareTime(packet, this.#last) < 0) this.late++;
    this.#last = packet;
    return packet;
  }

  #add(packet: CapturedPacket): void {
    const heap = this.#heap;
    heap.push({ packet, serial: this.#serial++ });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && this.#before(child, least)) least = child;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  /** Packets of one instant keep the order in which they came. */
  #before(i: number, k: number): boolean {
    const a = this.#heap[i];
    const b = this.#heap[k];
    return (compareTime(a.packet, b.packet) || a.serial - b.serial) < 0;
  }

  #swap(i: number, k: number): void {
    [this.#heap[i], this.#heap[k]] = [this.#heap[k], this.#heap[i]];
  }
}
