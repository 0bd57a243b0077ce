import type { Brand } from '../base/brand.ts';
import type { Nanos } from '../base/time.ts';

/** SHA-256 of a capture file, or `sensor/interface/start` of a live session: what a record's id is relative to. */
export type DatasetId = Brand<string, 'DatasetId'>;

/** `dataset/firstFrame.ordinal`: the same capture read twice gives the same ids. */
export type RecordId = Brand<string, 'RecordId'>;

/** What every stored record begins with. */
export interface RecordHead {
  /** Version of the record's form; a reader refuses one that it does not know. */
  readonly schema: number;
  readonly id: RecordId;
  readonly dataset: DatasetId;
  readonly sensorId: string;
  readonly siteId: string;
  /** Interface name, or `exporter/domain` for flows that a device sent. */
  readonly linkId: string;
  /** 1 = every packet was seen, n = one of n. */
  readonly sampling: number;
  /** Share of packets lost by the capture in this record's window, 0..1; null = unknown. */
  readonly loss: number | null;
  /** Capture time of the record's first packet (its beginning, not when it was written). */
  readonly time: Nanos;
}

/** The part of a head that one source of records has in common. */
export interface RecordSource {
  readonly dataset: DatasetId;
  readonly sensorId: string;
  readonly siteId: string;
  readonly linkId: string;
  readonly sampling: number;
}

/** Id of the `ordinal`-th record (from 0) that begins in frame `firstFrame` (from 1). */
export function recordId(dataset: DatasetId, firstFrame: number, ordinal: number): RecordId {
  return `${dataset}/${firstFrame}.${ordinal}` as RecordId;
}
