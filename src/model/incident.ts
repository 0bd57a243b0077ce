import type { Brand } from '../base/brand.ts';
import type { Nanos } from '../base/time.ts';
import type { Severity } from './signal.ts';

export type IncidentId = Brand<string, 'IncidentId'>;

/** NIST SP 800-61's phases. */
export type IncidentPhase = 'triage' | 'contain' | 'eradicate' | 'recover' | 'closed';

export type TimelineKind =
  | 'opened' | 'alert' | 'alert_resolved' | 'phase' | 'severity' | 'acknowledged' | 'assigned' | 'note'
  | 'evidence' | 'notification' | 'delivery' | 'plan' | 'action' | 'verify' | 'revert' | 'path' | 'closed' | 'reopened';

/** One line of what happened; written by machine and people alike, never altered. */
export interface TimelineEntry {
  readonly seq: number;
  /** When it happened, and when it was written. */
  readonly time: Nanos;
  readonly recordedAt: Nanos;
  readonly kind: TimelineKind;
  /** `system`, or a user's name. */
  readonly actor: string;
  readonly text: string;
  /** Ids of what the line speaks of (alert fingerprint, evidence id, notification id). */
  readonly refs: Readonly<Record<string, string>>;
}

/** The one place where everything about it is. */
export interface Incident {
  readonly schema: 1;
  /** Deterministic: digest of the first alert's fingerprint and its activeAt. */
  readonly id: IncidentId;
  readonly title: string;
  readonly phase: IncidentPhase;
  readonly severity: Severity;
  readonly openedAt: Nanos;
  readonly acknowledgedAt: Nanos | null;
  readonly acknowledgedBy: string | null;
  /** All its alerts resolved. */
  readonly mitigatedAt: Nanos | null;
  readonly closedAt: Nanos | null;
  readonly assignee: string | null;
  readonly alerts: readonly string[];
  /** Key by which further alerts join: target, or source host. */
  readonly joinKey: string;
  readonly evidence: readonly string[];
  readonly drill: boolean;
}
