import type { Nanos } from '../base/time.ts';

/** What would be done, readable by an approver; keeps the earlier state so that it can be reverted. */
export interface Plan {
  readonly schema: 1;
  readonly id: string;
  readonly action: string;
  readonly incidentId: string;
  readonly subject: string;
  /** Sentences in order. */
  readonly steps: readonly string[];
  readonly impact: 'none' | 'low' | 'high';
  readonly options: Readonly<Record<string, unknown>>;
  readonly facts: Readonly<Record<string, string>>;
  readonly revertable: boolean;
  /** The same check that raised the alert verifies the action. */
  readonly verifyCheckId: string | null;
  readonly createdAt: Nanos;
  readonly drill: boolean;
}

export type RunState =
  | 'planned' | 'refused' | 'waiting_approval' | 'approved' | 'rejected' | 'executing' | 'verifying'
  | 'succeeded' | 'failed' | 'reverting' | 'reverted' | 'revert_failed' | 'interrupted';

/** Why a run ended as it did: a stored value. */
export type RunReason =
  | 'verified' | 'verify_failed' | 'execute_failed' | 'precheck_failed' | 'budget_exhausted' | 'cooldown'
  | 'policy' | 'inconclusive' | 'rejected' | 'crashed' | 'deadline' | 'none';

/** What was done; each state is persisted before the step that it names begins. */
export interface ActionRun {
  readonly schema: 1;
  readonly id: string;
  readonly plan: Plan;
  readonly state: RunState;
  readonly reason: RunReason;
  readonly log: readonly { readonly time: Nanos; readonly text: string }[];
  readonly approvedBy: string | null;
  readonly startedAt: Nanos | null;
  readonly endedAt: Nanos | null;
}
