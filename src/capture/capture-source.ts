/** Gets each captured packet in place: `bytes[at, at + caplen)` is valid during the call. */
export type CapturedPacket = (bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number, linkType: number) => void;

export interface CaptureCounts {
  /** Packets that reached the source, the dropped ones included. */
  readonly received: number;
  /** Packets lost between the wire and this process. */
  readonly dropped: number;
}

/** Where live packets come from. Inert until `start`. */
export interface CaptureSource {
  /** `ring`, `tcpdump`, `file`. */
  readonly kind: string;
  start(onPacket: CapturedPacket, onEnd: (reason: string) => void): void;
  counts(): CaptureCounts;
  stop(): Promise<void>;
}

export interface LiveOptions {
  readonly interface: string;
  /** Capture filter in libpcap's language; empty = everything. */
  readonly filter: string;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  readonly ringBytes: number;
}
