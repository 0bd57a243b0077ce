import { u16be, u32be } from '../base/bytes.ts';
import { TcpOrder, type GapReason, type StreamSink } from '../stream/tcp-order.ts';
import type { Packet } from '../wire/packet.ts';

const TCP = 6;
const UDP = 17;
const FIN = 0x01;
const SYN = 0x02;
const ACK = 0x10;
const UDP_HEADER = 8;

/** Who takes the bytes of the conversations that are followed. `bytes` is lent for the call. */
export interface FollowSink {
  /** Payload in order. Direction 0 comes from the endpoint that was seen first. */
  data(stream: number, dir: 0 | 1, bytes: Uint8Array, at: number, end: number): void;
  /** `length` bytes are missing here. */
  gap(stream: number, dir: 0 | 1, length: number, why: GapReason): void;
  /** A packet with payload, before its bytes (which may come later, when a hole is filled). */
  segment?(stream: number, packet: Packet, dir: 0 | 1): void;
}

/**
 * Puts the payload of chosen conversations together (`wirewatch follow`): TCP in the order of its sequence numbers, UDP in the order
 * of capture. Streams have the numbers of `tcp.stream` and `udp.stream`. The packet's demand must have `track`.
 */
export class StreamFollower implements StreamSink {
  /** Frame and capture time of the bytes that are handed out. */
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  readonly #protocol: number;
  readonly #sink: FollowSink;
  readonly #order: TcpOrder;
  readonly #wants: (stream: number) => boolean;
  /** Stream number by conversation slot, for those that are followed. */
  readonly #streams = new Map<number, number>();

  constructor(protocol: 'tcp' | 'udp', wants: (stream: number) => boolean, sink: FollowSink) {
    this.#protocol = protocol === 'tcp' ? TCP : UDP;
    this.#wants = wants;
    this.#sink = sink;
    this.#order = new TcpOrder(this, { maxStreams: 1 << 23 });
  }

  /** Takes a packet that has been walked: each of its transports, where there are tunnels. */
  packet(p: Packet): void {
    const { layers } = p;
    const id = p.registry.id(this.#protocol === TCP ? 'tcp' : 'udp');
    for (let i = 0; i < layers.count; i++) if (layers.id[i] === id && layers.flow[i] >= 0) this.#layer(p, i);
  }

  #layer(p: Packet, i: number): void {
    const { layers } = p;
    const from = layers.flow[i];
    const stream = p.trackers.conversations.stream[from >> 1];
    if (!this.#wants(stream)) return;
    const bytes = p.row.sources[layers.source[i]];
    const at = layers.at[i];
    if (this.#protocol === UDP) {
      const length = u16be(bytes, at + 4);
      const end = length === 0 ? layers.end[i] : Math.min(layers.end[i], at + length);
      if (end <= at + UDP_HEADER) return;
      this.#sink.segment?.(stream, p, (from & 1) as 0 | 1);
      this.#clock(p);
      this.#sink.data(stream, (from & 1) as 0 | 1, bytes, at + UDP_HEADER, end);
      return;
    }
    this.#streams.set(from >> 1, stream);
    const payload = at + (bytes[at + 12] >> 4) * 4;
    const end = Math.max(payload, layers.end[i]);
    if (end > payload) this.#sink.segment?.(stream, p, (from & 1) as 0 | 1);
    const flags = bytes[at + 13];
    if ((flags & ACK) !== 0) this.#order.acknowledge(from ^ 1, u32be(bytes, at + 8));
    this.#order.segment(
      from, u32be(bytes, at + 4), (flags & SYN) !== 0, (flags & FIN) !== 0, bytes, payload, end,
      Math.max(0, layers.wireEnd[i] - payload), p.frame, p.seconds, p.nanoseconds,
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
    this.#clock(this.#order);
    this.#sink.data(this.#streams.get(stream >> 1) ?? -1, (stream & 1) as 0 | 1, bytes, at, end);
  }

  gap(stream: number, length: number, why: GapReason): void {
    this.#clock(this.#order);
    this.#sink.gap(this.#streams.get(stream >> 1) ?? -1, (stream & 1) as 0 | 1, length, why);
  }

  #clock(from: { readonly frame: number; readonly seconds: number; readonly nanoseconds: number }): void {
    this.frame = from.frame;
    this.seconds = from.seconds;
    this.nanoseconds = from.nanoseconds;
  }

  fin(): void {
    // Nothing more comes; the sink needs no word of it.
  }
}
