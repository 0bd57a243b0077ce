import type { FrameHead } from '../wire/frame-head.ts';

/** Longest record of any format: a block of pcapng with its options. More is damage, and would otherwise be memory. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
/** Longest packet, as everyone's tools agree. */
export const MAX_PACKET_BYTES = 262_144;

/** Results of a format's `step` below 0; above, it is the bytes that the record took. */
export const NEED_MORE = 0;
export const DAMAGED = -1;

/** What stands at a capture's head and between its packets. */
export interface CaptureInterface {
  readonly linkType: number;
  readonly snaplen: number;
  name: string | undefined;
  description: string | undefined;
  filter: string | undefined;
  /** Units of the time stamp in a second. */
  unitsPerSecond: number;
  offsetSeconds: number;
}

/** One file format: takes records off the buffer. `fault` tells what is wrong after DAMAGED. */
export interface CaptureFormat {
  readonly name: string;
  fault: string;
  /** True where the record taken last was a packet. */
  packet: boolean;
  /**
   * Reads one record of `b[at..end)`. Returns the bytes taken, NEED_MORE or DAMAGED; `head` is filled and `packet` set where it
   * was a packet.
   */
  step(b: Uint8Array, at: number, end: number, head: FrameHead): number;
  /** Interfaces described so far. */
  readonly interfaces: readonly CaptureInterface[];
  /** Takes all whole packets at once, where the format can do that for less than `step`; returns where it stopped. */
  packets?(b: Uint8Array, at: number, end: number, head: FrameHead, receiver: PacketReceiver): number;
}

/** Takes packets from a format's `packets`: `at` is where the record begins. False = no more are wanted. */
export interface PacketReceiver {
  take(head: FrameHead, at: number): boolean;
}


/**
 * Bytes that some link types put before the packet to tell of it (direction, cell head, timing): not sent, so not counted, and
 * not the packet's.
 */
export const PSEUDO_HEADER: Readonly<Record<number, number>> = { 123: 4, 139: 4, 144: 16, 177: 16, 196: 5, 201: 4, 204: 1, 209: 5, 245: 2, 254: 4 };

/** Lengths as sent beyond this are nonsense; columns of 32 bits hold what is below. */
export const MAX_WIRE_LEN = 0x7fffffff;

/** Points the head at the packet behind its pseudo header, and keeps lengths sane. */
export function placePacket(head: FrameHead, linkType: number, at: number, caplen: number, wireLen: number): void {
  // Ethernet is nearly everything, and has none: a look-up for each packet would show.
  const skip = linkType === 1 ? 0 : Math.min(PSEUDO_HEADER[linkType] ?? 0, caplen);
  head.linkType = linkType;
  head.at = at + skip;
  head.caplen = caplen - skip;
  head.wireLen = Math.min(Math.max(wireLen - skip, 0), MAX_WIRE_LEN);
}
