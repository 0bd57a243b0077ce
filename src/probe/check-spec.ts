import type { CheckId, TargetId } from '../model/index.ts';

/** When a round counts as slow or lossy. Times in milliseconds, shares 0 to 1; what is undefined is not judged. */
export interface Thresholds {
  readonly loss: number;
  /** Rounds over which the loss is counted; it is judged once so many are there. */
  readonly lossRounds: number;
  readonly latencyMs?: number | undefined;
  readonly latencyOf: 'min' | 'median' | 'average' | 'p95' | 'max';
  readonly jitterMs?: number | undefined;
  readonly certificateExpiryMs?: number | undefined;
}

/** Rounds that it takes to be believed. */
export interface Hysteresis {
  readonly failAfter: number;
  readonly recoverAfter: number;
  /** While in doubt the next round comes after this time. */
  readonly recheckIntervalMs: number;
}

/** One configured check, as the prober needs it. */
export interface CheckSpec {
  readonly id: CheckId;
  readonly targetId: TargetId;
  /** Kind of probe; its options have been validated. */
  readonly probe: string;
  readonly options: unknown;
  readonly address: string;
  readonly family: 'any' | 'ipv4' | 'ipv6';
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly thresholds: Thresholds;
  readonly hysteresis: Hysteresis;
  /** Targets on the way: where all of them are down this one is UNREACHABLE. */
  readonly parents: readonly TargetId[];
  /** Labels that its alerts carry; `name`, `host` and `probe` are added. */
  readonly labels: Readonly<Record<string, string>>;
  readonly trace: boolean;
}

/** A host by which the monitor judges its own uplink. */
export interface AnchorSpec {
  readonly address: string;
  readonly method: 'icmp' | 'tcp';
  readonly port: number | undefined;
  /** Anchors of one operator count once. */
  readonly operator: string;
}
