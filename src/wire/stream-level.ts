import type { Field } from '../filter/field.ts';
import type { TcpPdus } from '../stream/tcp-pdus.ts';

/** Whose stream of bytes is read: TCP's, or that of a protocol above it whose records carry another one (TLS). */
export interface StreamLevel {
  readonly tracker: TcpPdus;
  /** Dissector that stands in the hierarchy for a PDU put together, and its fields. */
  readonly segmentsId: number;
  readonly fields: { readonly segments: Field; readonly segment: Field; readonly count: Field; readonly length: Field; readonly data: Field; readonly segmentData: Field };
}
