import type { PathTrace, ProbeResult, RecordSource, StateChange, TargetId, UplinkVerdict, CheckId } from '../model/index.ts';
import type { Nanos } from '../base/time.ts';
import type { AnchorSpec, CheckSpec } from './check-spec.ts';
import type { CheckMemory } from './check-state.ts';

/** Planned work: the checks are measured and not judged. */
export interface MaintenancePlan {
  readonly checks: readonly CheckId[];
  readonly startsAt: Nanos;
  readonly endsAt: Nanos;
  readonly reason: string;
}

/** What the prober is to do. A new one replaces the old one; checks that stay keep their memory. */
export interface ProberPlan {
  readonly source: RecordSource;
  readonly checks: readonly CheckSpec[];
  readonly anchors: readonly AnchorSpec[];
  readonly gateways: readonly string[];
  readonly tracing: { readonly enabled: boolean; readonly intervalMs: number; readonly maxHops: number };
  readonly maintenance: readonly MaintenancePlan[];
  /** Memory of checks from an earlier run, by check. */
  readonly memories: Readonly<Record<string, CheckMemory>>;
}

export type ToProber =
  | { readonly kind: 'plan'; readonly plan: ProberPlan }
  /** One round at once, outside the schedule; it does not change the check's state (verification, `probe --explain`). */
  | { readonly kind: 'run'; readonly request: number; readonly checkId: CheckId }
  | { readonly kind: 'trace'; readonly request: number; readonly targetId: TargetId }
  /** So many batches have been taken. */
  | { readonly kind: 'ack'; readonly batches: number }
  | { readonly kind: 'stop' };

/** What happened, in order. */
export type ProberEvent =
  | { readonly kind: 'result'; readonly result: ProbeResult }
  | { readonly kind: 'state'; readonly change: StateChange }
  | { readonly kind: 'uplink'; readonly verdict: UplinkVerdict }
  | { readonly kind: 'path'; readonly trace: PathTrace };

export type FromProber =
  /** How ICMP can be measured here, and the command that would grant more. */
  | { readonly kind: 'ready'; readonly icmp: { readonly v4: IcmpMode; readonly v6: IcmpMode; readonly remedy: string | null } }
  | { readonly kind: 'batch'; readonly events: readonly ProberEvent[]; readonly dropped: number; readonly memories: Readonly<Record<string, CheckMemory>> }
  | { readonly kind: 'reply'; readonly request: number; readonly result?: ProbeResult; readonly trace?: PathTrace; readonly error?: string };

export type IcmpMode = 'raw' | 'dgram' | 'ping' | 'none';
