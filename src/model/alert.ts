import type { Nanos } from '../base/time.ts';
import type { EvidenceRef, Severity, SignalKind } from './signal.ts';

export type AlertState = 'pending' | 'firing' | 'resolved';

/** Signals of one fingerprint (Alertmanager's meanings). */
export interface Alert {
  readonly schema: 1;
  /** 16 hex digits over the sorted labels. */
  readonly fingerprint: string;
  readonly name: string;
  readonly kind: SignalKind;
  readonly state: AlertState;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly confidence: number;
  readonly techniques: readonly string[];
  /** First signal of this episode. */
  readonly activeAt: Nanos;
  readonly firedAt: Nanos | null;
  readonly resolvedAt: Nanos | null;
  readonly updatedAt: Nanos;
  /** Signals that were folded into it. */
  readonly signals: number;
  readonly evidence: readonly EvidenceRef[];
  readonly loss: number | null;
  readonly score: Readonly<Record<string, number>>;
  readonly drill: boolean;
}

/** Why a notification was sent or not sent: a stored value, so that every "why?" is a query. */
export type NotifyReason =
  | 'first' | 'new_alerts' | 'repeat' | 'resolved'
  | 'nothing_new' | 'never_told' | 'silenced' | 'inhibited' | 'muted' | 'maintenance' | 'no_route';
