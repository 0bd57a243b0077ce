import type { z } from 'zod';
import type { CheckState, Plan } from '../model/index.ts';

/** What is to be acted for: taken from the alert, known before anything is looked at. */
export interface ActionSubject {
  readonly incidentId: string;
  /** Target or host. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ActionContext {
  /** Aborted when the step has had its time. */
  readonly signal: AbortSignal;
  /** One line for the run's log; no secrets. */
  log(text: string): void;
  /** Asks a check now: the same probe that raised the alert. */
  probe(checkId: string): Promise<ProbeAnswer>;
}

export interface ProbeAnswer {
  readonly state: CheckState;
  /** One sentence. */
  readonly reason: string;
}

/** How a step ended. `refused` is a precheck that did not hold. */
export type ActionOutcome = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly text: string };

export interface PlanDraft {
  /** Sentences in order, for the person who approves. */
  readonly steps: readonly string[];
  readonly revertable: boolean;
}

/**
 * Something that can be done to the network or this machine: one file in respond/actions exports one.
 *
 * `facts` looks (and changes nothing), `plan` is pure and readable, `execute` acts, `verify` asks the action's own success (the core
 * asks the check besides), `revert` undoes by what the plan kept. Failures are values; a throw is a bug and counts as a failure.
 */
export interface ActionDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly impact: Plan['impact'];
  readonly options: Schema;
  /** The state as it is, for the plan and for reverting. */
  facts(ctx: ActionContext, subject: ActionSubject, options: z.output<Schema>): Promise<Readonly<Record<string, string>>>;
  plan(subject: ActionSubject, facts: Readonly<Record<string, string>>, options: z.output<Schema>): PlanDraft;
  /** Whether it may be done now; asked again right before it is. */
  precheck(ctx: ActionContext, plan: Plan, options: z.output<Schema>): Promise<ActionOutcome>;
  execute(ctx: ActionContext, plan: Plan, options: z.output<Schema>): Promise<ActionOutcome>;
  verify(ctx: ActionContext, plan: Plan, options: z.output<Schema>): Promise<ActionOutcome>;
  revert(ctx: ActionContext, plan: Plan, options: z.output<Schema>): Promise<ActionOutcome>;
}

export function defineAction<Schema extends z.ZodType>(definition: ActionDefinition<Schema>): ActionDefinition<Schema> {
  return definition;
}
