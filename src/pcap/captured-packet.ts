import type { FrameHead } from '../wire/frame-head.ts';

/** One packet with bytes of its own: what editing and merging hand on, when more than one packet must be at hand. */
export interface CapturedPacket {
  /** Number in its file, from 1. */
  readonly number: number;
  bytes: Uint8Array;
  wireLen: number;
  seconds: number;
  nanoseconds: number;
  readonly linkType: number;
  readonly interfaceName: string | undefined;
  readonly comments: readonly string[];
}

/** Copies the packet of a head that is valid only now. */
export function keepPacket(head: FrameHead, number: number): CapturedPacket {
  return {
    number, bytes: head.bytes.slice(head.at, head.at + head.caplen), wireLen: head.wireLen, seconds: head.seconds, nanoseconds: head.nanoseconds, linkType: head.linkType,
    interfaceName: head.interfaceName, comments: head.comments,
  };
}

/** Order of time: negative where `a` was captured before `b`. */
export function compareTime(a: CapturedPacket, b: CapturedPacket): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
