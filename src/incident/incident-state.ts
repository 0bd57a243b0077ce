import type { Host } from '../base/host.ts';
import type { Nanos } from '../base/time.ts';
import type { ActionRun, Alert, EvidenceRef, Incident, IncidentPhase, Severity, TimelineEntry, TimelineKind } from '../model/index.ts';

/** What to do when an alert of this kind opens or joins an incident. */
export interface PlaybookRule {
  /** Labels that the alert must have with these values; `alertname` and `severity` count as labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly action: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface IncidentConfig {
  /** Labels tried in this order for the key by which alerts join: the first that is there. */
  readonly joinLabels: readonly string[];
  /** A mitigated incident takes further alerts for this long; later ones open a new one. */
  readonly joinWindowMs: number;
  /** A mitigated incident that nobody touches is closed after this long; null = never. */
  readonly autoCloseAfterMs: number | null;
  /** Evidence window: this long before the behaviour began, and after the alert fired. */
  readonly evidenceBeforeMs: number;
  readonly evidenceAfterMs: number;
  /** Bundles asked for in one incident. */
  readonly maxEvidence: number;
  readonly playbook: readonly PlaybookRule[];
  /** Closed incidents kept at hand for reopening; older ones live in the store. */
  readonly maxClosed: number;
}

export const INCIDENT_DEFAULTS: IncidentConfig = {
  joinLabels: ['target', 'src', 'source', 'host', 'device', 'mac', 'uplink'],
  joinWindowMs: 3_600_000,
  autoCloseAfterMs: 86_400_000,
  evidenceBeforeMs: 120_000,
  evidenceAfterMs: 60_000,
  maxEvidence: 10,
  playbook: [],
  maxClosed: 200,
};

/** An incident with what its clockwork needs. */
export interface TrackedIncident {
  readonly incident: Incident;
  /** Number of the next timeline entry. */
  readonly nextSeq: number;
  /** State of each of its alerts by fingerprint. */
  readonly alertStates: Readonly<Record<string, 'firing' | 'resolved'>>;
  /** When anything last happened to it. */
  readonly touchedAt: Nanos;
  /** Bundles asked for. */
  readonly frozen: number;
}

/** Plain JSON but for instants: write it with `encodeState`. */
export interface IncidentEngineState {
  readonly version: 1;
  readonly incidents: Readonly<Record<string, TrackedIncident>>;
}

export const EMPTY_INCIDENT_STATE: IncidentEngineState = { version: 1, incidents: {} };

/** What people do; `actor` is the user's name. Refused with a `WirewatchError` where it does not fit the incident's phase. */
export type IncidentOrder =
  | { readonly kind: 'acknowledge'; readonly id: string; readonly actor: string }
  | { readonly kind: 'assign'; readonly id: string; readonly actor: string; readonly assignee: string | null }
  | { readonly kind: 'note'; readonly id: string; readonly actor: string; readonly text: string }
  | { readonly kind: 'phase'; readonly id: string; readonly actor: string; readonly phase: IncidentPhase; readonly text?: string | undefined }
  | { readonly kind: 'severity'; readonly id: string; readonly actor: string; readonly severity: Severity }
  | { readonly kind: 'close'; readonly id: string; readonly actor: string; readonly text: string }
  | { readonly kind: 'reopen'; readonly id: string; readonly actor: string; readonly text: string };

export type IncidentInput =
  | IncidentOrder
  | { readonly kind: 'alert'; readonly alert: Alert; readonly change: 'pending' | 'firing' | 'resolved' | 'updated' | 'dropped' }
  /** A bundle was written (or could not be: `evidenceId` null). */
  | { readonly kind: 'evidence'; readonly id: string; readonly evidenceId: string | null; readonly files: number; readonly missing: readonly string[] }
  | { readonly kind: 'run'; readonly run: ActionRun }
  /** Any further line: notifications, deliveries, path changes. Lines of incidents that are gone are dropped. */
  | { readonly kind: 'line'; readonly id: string; readonly time: Nanos; readonly line: TimelineKind; readonly text: string; readonly refs: Readonly<Record<string, string>> }
  | { readonly kind: 'tick' };

export type IncidentOutput =
  | { readonly kind: 'incident'; readonly incident: Incident; readonly change: 'opened' | 'updated' | 'closed' | 'reopened' }
  | { readonly kind: 'timeline'; readonly incidentId: string; readonly entry: TimelineEntry }
  /** Tell alert which incident the fingerprint belongs to, so that messages carry it. */
  | { readonly kind: 'link'; readonly incidentId: string; readonly fingerprint: string }
  /** Keep what proves it. `to` may lie ahead: the bundle is written once it has passed. */
  | {
    readonly kind: 'freezeEvidence'; readonly incidentId: string; readonly alert: Alert; readonly from: Nanos; readonly to: Nanos;
    readonly refs: readonly EvidenceRef[]; readonly drill: boolean;
  }
  /** Ask respond for a plan. */
  | {
    readonly kind: 'requestPlan'; readonly incidentId: string; readonly action: string; readonly options: Readonly<Record<string, unknown>>;
    readonly subject: string; readonly labels: Readonly<Record<string, string>>; readonly checkId: string | null; readonly drill: boolean;
  };

export interface IncidentStep {
  readonly state: IncidentEngineState;
  readonly outputs: readonly IncidentOutput[];
  readonly nextDeadline: Nanos | null;
}

/** The part of the platform that makes digests. */
export type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;
