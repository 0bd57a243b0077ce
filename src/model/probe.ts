import type { Brand } from '../base/brand.ts';
import type { Nanos } from '../base/time.ts';
import type { RecordHead } from './head.ts';

export const PROBE_SCHEMA = 1;

export type CheckId = Brand<string, 'CheckId'>;
export type TargetId = Brand<string, 'TargetId'>;

/** Why a probe failed; the classes are never mixed. `local` is the monitor's own fault. */
export type FailureClass = 'name' | 'unreachable' | 'refused' | 'timeout' | 'tls' | 'protocol' | 'content' | 'local';

export interface ProbeFailure {
  readonly class: FailureClass;
  /** One sentence for people, no secrets. */
  readonly message: string;
}

/** One round of one check: every sample is kept. */
export interface ProbeResult extends RecordHead {
  readonly kind: 'probe';
  readonly checkId: CheckId;
  readonly targetId: TargetId;
  /** `icmp`, `tcp`, `http`, `dns`. */
  readonly probe: string;
  readonly ok: boolean;
  readonly failure: ProbeFailure | null;
  /** Probes sent and answered in this round. */
  readonly sent: number;
  readonly received: number;
  /** Round-trip times in order of sending, nanoseconds; null = lost. */
  readonly rttNs: readonly (number | null)[];
  /** Named measurements in base units: `dns_seconds`, `connect_seconds`, `tls_seconds`, `ttfb_seconds`, `cert_expiry_seconds`, `http_status`. */
  readonly measurements: Readonly<Record<string, number>>;
  /** What was seen, for people and for evidence: resolved address, certificate subject, answer. */
  readonly notes: Readonly<Record<string, string>>;
  readonly duration: Nanos;
  /** Delay of the prober's own event loop during the round, nanoseconds: a late loop is not a slow network. */
  readonly loopDelayNs: number;
}

/** State of a check. Only UP, DEGRADED and DOWN count for availability. */
export type CheckState = 'UP' | 'DEGRADED' | 'DOWN' | 'UNREACHABLE' | 'INCONCLUSIVE' | 'MAINTENANCE' | 'UNKNOWN';

/** One step that led to a verdict: kept as evidence and shown as the reason. */
export interface VerdictStep {
  readonly time: Nanos;
  /** `round`, `recheck`, `uplink`, `parent`, `second_method`, `maintenance`. */
  readonly step: string;
  readonly outcome: string;
}

/** What makes a check DEGRADED; each is an alert of its own. */
export type DegradedCause = 'loss' | 'latency' | 'jitter' | 'certificate';

/** A change of state (hard), the beginning of doubt (soft), or a change of causes within DEGRADED. */
export interface StateChange {
  readonly checkId: CheckId;
  readonly targetId: TargetId;
  readonly time: Nanos;
  readonly from: CheckState;
  readonly to: CheckState;
  readonly hard: boolean;
  /** Causes that hold now; empty but for DEGRADED. */
  readonly causes: readonly DegradedCause[];
  /** What was measured when the verdict fell: `latency_ms`, `loss_percent`, `jitter_ms`, `certificate_days`, and their limits as `..._limit`. */
  readonly figures: Readonly<Record<string, number>>;
  /** The target's own labels with `name`, `host` and `probe`: its alerts carry them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly steps: readonly VerdictStep[];
}

/** One hop of a path; several addresses where answers came from several. */
export interface PathHop {
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly sent: number;
  readonly received: number;
  readonly rttNs: readonly (number | null)[];
}

/** One traced path (flow-stable). */
export interface PathTrace {
  readonly targetId: TargetId;
  readonly address: string;
  readonly method: 'udp' | 'icmp' | 'tcp';
  readonly time: Nanos;
  readonly reached: boolean;
  readonly hops: readonly PathHop[];
  /** Digest of the responder sequence, `*` for silence: equal paths compare equal. */
  readonly identity: string;
}

/** Is the monitor itself connected? Asked before anything is called down. */
export interface UplinkVerdict {
  readonly time: Nanos;
  readonly verdict: 'connected' | 'lost' | 'unsure';
  /** Anchors asked and answering; with fewer than three independent ones the verdict says so. */
  readonly anchorsAsked: number;
  readonly anchorsAnswered: number;
  readonly independent: boolean;
  readonly gateway: 'answers' | 'silent' | 'none' | 'unknown';
  readonly link: 'up' | 'down' | 'unknown';
  readonly reason: string;
}
