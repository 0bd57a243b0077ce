import type { Nanos } from '../base/time.ts';
import type { DatasetId, RecordId } from './head.ts';

export type Severity = 'critical' | 'error' | 'warning' | 'info';
export type SignalKind = 'threshold' | 'anomaly' | 'detection';

/** A pointer to what proves a claim. */
export interface EvidenceRef {
  readonly kind: 'flow' | 'record' | 'probe' | 'frames' | 'path';
  readonly dataset: DatasetId;
  /** Ids of the records; for `frames`, empty. */
  readonly ids: readonly RecordId[];
  /** Frame numbers in the dataset, ascending, at most 1,000; empty where the ids say it all. */
  readonly frames: readonly number[];
  /** A display filter that selects the packets in question. */
  readonly filter: string | null;
  readonly from: Nanos;
  readonly to: Nanos;
}

/** A claim by a detector or a check, with what it rests on. */
export interface Signal {
  readonly schema: 1;
  /** Digest of detector, fingerprint labels and time: deterministic. */
  readonly id: string;
  readonly kind: SignalKind;
  /** `port-scan`, `beacon`, `new-device`, `check-down`, `check-loss`, `check-latency`, `uplink-lost`, `action-approval`, `action-failed`. */
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly time: Nanos;
  /** When the behaviour began. */
  readonly startsAt: Nanos;
  /** Identity: equal labels are one alert. */
  readonly labels: Readonly<Record<string, string>>;
  /** For people; not part of the identity. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly severity: Severity;
  /** 0..1. */
  readonly confidence: number;
  /** ATT&CK technique ids, with the version of the table in `annotations.attack`. */
  readonly techniques: readonly string[];
  readonly evidence: readonly EvidenceRef[];
  /** Capture loss in the window under which the claim holds, 0..1; null = unknown. */
  readonly loss: number | null;
  /** Parts of the score by name, as numbers that can be checked. */
  readonly score: Readonly<Record<string, number>>;
  readonly drill: boolean;
  /** Who claims it says that it is over then, unless it is said again before. */
  readonly expiresAt?: Nanos | undefined;
}
