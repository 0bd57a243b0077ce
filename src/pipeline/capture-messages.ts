import type { Nanos } from '../base/time.ts';
import type { NetworkEntry, RecordSource } from '../model/index.ts';
import type { ColumnBatch } from '../store/column-batch.ts';

/** What one capture process is to do. */
export interface CapturePlan {
  readonly source: RecordSource;
  readonly interface: string;
  /** Capture filter; empty = everything. */
  readonly filter: string;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  readonly ringBytes: number;
  /** Plays this file at its own pace in place of an interface. */
  readonly file: string | null;
  readonly networks: readonly NetworkEntry[];
  readonly maxFlows: number;
  /** A long flow is reported this often while it lasts. */
  readonly activeSeconds: number;
  readonly store: { readonly dir: string; readonly maxBytes: number; readonly maxAgeMs: number; readonly segmentBytes: number } | null;
}

/** A live view: frames that match, within a budget. */
export interface TapRequest {
  readonly tap: number;
  /** Display filter. */
  readonly filter: string;
  /** Frames and bytes a second at most; the rest is counted. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
}

export type ToCapture =
  | { readonly kind: 'plan'; readonly plan: CapturePlan }
  | { readonly kind: 'ack'; readonly batches: number }
  | ({ readonly kind: 'tap' } & TapRequest)
  | { readonly kind: 'untap'; readonly tap: number }
  /** Write buffered packets to the store now. */
  | { readonly kind: 'flush'; readonly request: number }
  | { readonly kind: 'stop' };

/** Counters since the process began. */
export interface CaptureStatistics {
  readonly packets: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly flows: number;
  readonly records: number;
  readonly evicted: number;
  readonly storeLost: number;
  readonly storeFault: string | null;
  readonly queueDropped: number;
}

export interface TappedFrame {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly wireLen: number;
  readonly linkType: number;
  readonly bytes: Uint8Array;
}

export type FromCapture =
  | { readonly kind: 'ready'; readonly source: string }
  /** It cannot capture; the process ends, and starting it again would be no use. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly remedy: string | null }
  | { readonly kind: 'batch'; readonly batches: readonly ColumnBatch[]; readonly watermark: Nanos; readonly statistics: CaptureStatistics }
  | { readonly kind: 'tapped'; readonly tap: number; readonly frames: readonly TappedFrame[]; readonly matched: number; readonly skipped: number }
  | { readonly kind: 'tap_error'; readonly tap: number; readonly message: string }
  | { readonly kind: 'flushed'; readonly request: number }
  | { readonly kind: 'ended'; readonly reason: string };

/** Exit code of a process that may not capture. */
export const EXIT_REFUSED = 4;
