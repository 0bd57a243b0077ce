import type { ErrorCode } from '../base/errors.ts';

/** What the dumping process tells the command that started it. Its only input is `stop`, or that it is disconnected. */
export type FromDump =
  /** Packets come by `ring` or `tcpdump`. */
  | { readonly kind: 'started'; readonly source: string }
  | { readonly kind: 'progress'; readonly counts: DumpCounts }
  /** `reason`: `packets`, `duration`, `filesize`, `files`, `stopped`, or why the source ended. */
  | { readonly kind: 'ended'; readonly reason: string; readonly counts: DumpCounts; readonly files: readonly string[] }
  | { readonly kind: 'failed'; readonly code: ErrorCode | null; readonly message: string; readonly where?: string | undefined; readonly remedy?: string | undefined };

export interface DumpCounts {
  readonly packets: number;
  readonly bytes: number;
  /** By the kernel's count, the dropped ones included; the filter has chosen before. */
  readonly received: number;
  readonly dropped: number;
}
