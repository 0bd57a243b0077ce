import { u32be } from '../base/bytes.ts';
import { TcpOrder, type GapReason, type StreamSink } from '../stream/tcp-order.ts';
import type { Packet } from '../wire/packet.ts';

const TCP = 6;
const UDP = 17;
const FIN = 0x01;
const SYN = 0x02;
const ACK = 0x10;

/** Who takes the bytes of the conversations that are followed. `bytes` is lent for the call. */
export interface FollowSink {
  /** Payload in order. Direction 0 comes from the endpoint that was seen first. */
  data(stream: number, dir: 0 | 1, bytes: Uint8Array, at: number, end: number): void;
  /** `length` bytes are missing here. */
  gap(stream: number, dir: 0 | 1, length: number, why: GapReason): void;
  /** A packet with payload, before its bytes (which may come later, when a hole is filled). */
  segment?(stream: number, packet: Packet): void;
}

/**
 * Puts the payload of chosen conversations together (`wirewatch follow`): TCP in the order of its sequence numbers, UDP in the order
 * of capture. Streams have the numbers of `tcp.stream` and `udp.stream`. The packet's demand must have `track`.
 */
export class StreamFollower implements StreamSink {
  readonly #protocol: number;
  readonly #sink: FollowSink;
  readonly #order: TcpOrder;
  readonly #wants: (stream: number) => boolean;
  /** Stream number by conversation slot, for those that are followed. */
  readonly #streams = new Map<number, number>();
  #at = 0;

  constructor(protocol: 'tcp' | 'udp', wants: (stream: number) => boolean, sink: FollowSink) {
    this.#protocol = protocol === 'tcp' ? TCP : UDP;
    this.#wants = wants;
    this.#sink = sink;
    this.#order = new TcpOrder(this, { maxStreams: 1 << 23 });
  }

  /** Takes a packet that has been walked. */
  packet(p: Packet): void {
    if (p.flow < 0 || p.ipProto !== this.#protocol || p.payloadAt < 0) return;
    const { conversations } = p.trackers;
    const stream = conversations.stream[p.flow];
    if (!this.#wants(stream)) return;
    const bytes = p.row.sources[p.networkSource];
    if (p.payloadEnd > p.payloadAt) this.#sink.segment?.(stream, p);
    if (this.#protocol === UDP) {
      if (p.payloadEnd > p.payloadAt) this.#sink.data(stream, p.dir, bytes, p.payloadAt, p.payloadEnd);
      return;
    }
    this.#streams.set(p.flow, stream);
    const flags = bytes[p.l4At + 13];
    const from = 2 * p.flow + p.dir;
    if ((flags & ACK) !== 0) this.#order.acknowledge(from ^ 1, u32be(bytes, p.l4At + 8));
    this.#at = p.frame;
    this.#order.segment(
      from, u32be(bytes, p.l4At + 4), (flags & SYN) !== 0, (flags & FIN) !== 0, bytes, p.payloadAt, p.payloadEnd,
      Math.max(0, p.payloadWireEnd - p.payloadAt), this.#at, p.seconds, p.nanoseconds,
    );
  }

  /** Ends all streams: what waits beyond a hole comes with its gap. */
  end(): void {
    for (const slot of this.#streams.keys()) {
      this.#order.end(2 * slot);
      this.#order.end(2 * slot + 1);
    }
  }

  data(stream: number, bytes: Uint8Array, at: number, end: number): void {
    this.#sink.data(this.#streams.get(stream >> 1) ?? -1, (stream & 1) as 0 | 1, bytes, at, end);
  }

  gap(stream: number, length: number, why: GapReason): void {
    this.#sink.gap(this.#streams.get(stream >> 1) ?? -1, (stream & 1) as 0 | 1, length, why);
  }

  fin(): void {
    // Nothing more comes; the sink needs no word of it.
  }
}
