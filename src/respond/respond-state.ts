import type { Host } from '../base/host.ts';
import type { Nanos } from '../base/time.ts';
import type { ActionRun, CheckState, Plan } from '../model/index.ts';

/** When a person is asked, and how often is enough. */
export interface RespondPolicy {
  /** Plans of these impacts wait for approval; `high` always does. */
  readonly approve: readonly Plan['impact'][];
  /** Actions that nobody may run. */
  readonly forbidden: readonly string[];
  /** An approval that nobody gives is over after this. */
  readonly approvalTimeoutMs: number;
  /** Runs on one subject, and altogether, within the window. */
  readonly perTarget: number;
  readonly global: number;
  readonly windowMs: number;
  /** Rest for a subject after a run ended. */
  readonly cooldownMs: number;
  /** Runs under way at once; one subject has one. */
  readonly concurrent: number;
  /** Longest execution, and verification; after it the step counts as failed. */
  readonly executeTimeoutMs: number;
  readonly verifyTimeoutMs: number;
  /** Ended runs kept at hand. */
  readonly keepRuns: number;
}

export const RESPOND_DEFAULTS: RespondPolicy = {
  approve: ['high'], forbidden: [], approvalTimeoutMs: 3_600_000, perTarget: 2, global: 10, windowMs: 3_600_000, cooldownMs: 600_000,
  concurrent: 2, executeTimeoutMs: 60_000, verifyTimeoutMs: 120_000, keepRuns: 200,
};

/** Plain JSON but for instants: write it with `encodeState`. */
export interface RespondState {
  readonly version: 1;
  readonly runs: Readonly<Record<string, ActionRun>>;
  /** When which subject was acted upon: the budget, within the window. */
  readonly spent: readonly { readonly subject: string; readonly time: Nanos }[];
  /** Until when a subject rests. */
  readonly restingUntil: Readonly<Record<string, Nanos>>;
}

export const EMPTY_RESPOND_STATE: RespondState = { version: 1, runs: {}, spent: [], restingUntil: {} };

export type RespondEffect = 'precheck' | 'execute' | 'verify' | 'revert';

export type RespondInput =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'approve'; readonly runId: string; readonly actor: string }
  | { readonly kind: 'reject'; readonly runId: string; readonly actor: string; readonly text: string }
  /** A person undoes what was done. */
  | { readonly kind: 'revert'; readonly runId: string; readonly actor: string }
  /** How a step ended. `check` is the state of the plan's check, asked with it; null where the plan has none. */
  | {
    readonly kind: 'ended'; readonly runId: string; readonly effect: RespondEffect; readonly ok: boolean; readonly text: string;
    readonly check: CheckState | null; readonly log: readonly string[];
  }
  | { readonly kind: 'tick' }
  /** The program was started anew: what was under way is not known to be done, and is undone. */
  | { readonly kind: 'restart' };

export type RespondOutput =
  /** A run as it stands now; append-only history, the last one holds. */
  | { readonly kind: 'run'; readonly run: ActionRun }
  /** Do this step now; the state that names it is durable before. */
  | { readonly kind: 'effect'; readonly runId: string; readonly effect: RespondEffect; readonly plan: Plan; readonly timeoutMs: number };

export interface RespondStep {
  readonly state: RespondState;
  readonly outputs: readonly RespondOutput[];
  readonly nextDeadline: Nanos | null;
}

/** The part of the platform that makes digests. */
export type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;
