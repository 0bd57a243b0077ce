import { toHex } from '../base/bytes.ts';
import { WirewatchError } from '../base/errors.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { ActionRun, RunReason, RunState } from '../model/index.ts';
import type { DigestHost, RespondEffect, RespondInput, RespondOutput, RespondPolicy, RespondState, RespondStep } from './respond-state.ts';

const ENDED: readonly RunState[] = ['refused', 'rejected', 'succeeded', 'failed', 'reverted', 'revert_failed'];

/** The step that each state waits for. */
const EFFECT_OF: Partial<Record<RunState, RespondEffect>> = { approved: 'precheck', executing: 'execute', verifying: 'verify', reverting: 'revert', interrupted: 'revert' };

/**
 * An action as a transaction: it is done wholly and proven, or undone, or it says loudly that it could not be undone.
 *
 * ```
 * plan -> policy, budget -> waiting_approval -> approved -precheck-> executing -> verifying -> succeeded
 *            |                  |                   |                   |            |
 *         refused            rejected            refused                '-> reverting <-'   -> reverted | revert_failed
 * ```
 *
 * Every state is durable before the step that it names begins, so that a crash is found as the state it happened in: the run
 * becomes `interrupted` and is reverted. While the check is INCONCLUSIVE (the monitor's own trouble) nothing is done.
 */
export function stepRespond(state: RespondState, input: RespondInput, now: Nanos, policy: RespondPolicy, host: DigestHost): RespondStep {
  const step = new Step(state, now, policy, host);
  step.take(input);
  return { state: step.result(), outputs: step.outputs, nextDeadline: step.nextDeadline() };
}

class Step {
  readonly outputs: RespondOutput[] = [];
  readonly #runs: Record<string, ActionRun>;
  #spent: RespondState['spent'];
  readonly #restingUntil: Record<string, Nanos>;
  readonly #now: Nanos;
  readonly #policy: RespondPolicy;
  readonly #host: DigestHost;

  constructor(state: RespondState, now: Nanos, policy: RespondPolicy, host: DigestHost) {
    this.#runs = { ...state.runs };
    this.#restingUntil = Object.fromEntries(Object.entries(state.restingUntil).filter(([, until]) => until > now));
    this.#spent = state.spent.filter((s) => now - s.time < nanosFromMs(policy.windowMs));
    this.#now = now;
    this.#policy = policy;
    this.#host = host;
  }

  result(): RespondState {
    const ended = this.#inOrder().filter((r) => ENDED.includes(r.state));
    for (const old of ended.slice(0, Math.max(0, ended.length - this.#policy.keepRuns))) delete this.#runs[old.id];
    return { version: 1, runs: this.#runs, spent: this.#spent, restingUntil: this.#restingUntil };
  }

  nextDeadline(): Nanos | null {
    const times = this.#inOrder().filter((r) => r.state === 'waiting_approval').map((r) => r.plan.createdAt + nanosFromMs(this.#policy.approvalTimeoutMs));
    return times.length === 0 ? null : times.reduce((a, b) => (b < a ? b : a));
  }

  take(input: RespondInput): void {
    switch (input.kind) {
      case 'plan':
        return this.#planned(input.plan);
      case 'approve': {
        const run = this.#waiting(input.runId);
        return this.#admit({ ...run, approvedBy: input.actor }, `approved by ${input.actor}`);
      }
      case 'reject': {
        const run = this.#waiting(input.runId);
        return this.#end(run, 'rejected', 'rejected', `rejected by ${input.actor}: ${input.text}`);
      }
      case 'revert': {
        const run = this.#find(input.runId);
        if (run.state !== 'succeeded') throw new WirewatchError('WW_CONFLICT', `the run is ${run.state}; only one that succeeded can be reverted`);
        if (!run.plan.revertable) throw new WirewatchError('WW_ACTION_REFUSED', `${run.plan.action} cannot be reverted`);
        return this.#begin({ ...run, endedAt: null }, 'reverting', 'none', `revert asked for by ${input.actor}`);
      }
      case 'ended':
        return this.#ended(input);
      case 'tick':
        for (const run of this.#inOrder()) {
          if (run.state === 'waiting_approval' && this.#now - run.plan.createdAt >= nanosFromMs(this.#policy.approvalTimeoutMs)) {
            this.#end(run, 'rejected', 'deadline', 'nobody approved in time');
          }
        }
        return;
      case 'restart':
        for (const run of this.#inOrder()) this.#restarted(run);
    }
  }

  #planned(plan: ActionRun['plan']): void {
    const id = toHex(this.#host.sha256(this.#host.encodeUtf8(`run\n${plan.id}`))).slice(0, 16);
    if (this.#runs[id] !== undefined) return;
    const run: ActionRun = { schema: 1, id, plan, state: 'planned', reason: 'none', log: [], approvedBy: null, startedAt: null, endedAt: null };
    this.#put(run, 'planned', 'none', plan.steps.join(' '));
    const refusal = this.#refusal(run);
    if (refusal !== undefined) return this.#end(this.#runs[id], 'refused', refusal.reason, refusal.text);
    if (plan.impact === 'high' || this.#policy.approve.includes(plan.impact)) return this.#put(this.#runs[id], 'waiting_approval', 'none', `impact ${plan.impact}: waits for approval`);
    this.#admit(this.#runs[id], 'policy asks for no approval');
  }

  /** Why it may not be done, by policy and budget alone. */
  #refusal(run: ActionRun): { reason: RunReason; text: string } | undefined {
    const { subject, action } = run.plan;
    if (this.#policy.forbidden.includes(action)) return { reason: 'policy', text: `policy forbids ${action}` };
    const busy = this.#inOrder().filter((r) => r.id !== run.id && (EFFECT_OF[r.state] !== undefined));
    if (busy.some((r) => r.plan.subject === subject)) return { reason: 'policy', text: `another run on ${subject} is under way` };
    if (busy.length >= this.#policy.concurrent) return { reason: 'policy', text: `${busy.length} runs are under way` };
    if ((this.#restingUntil[subject] ?? 0n) > this.#now) return { reason: 'cooldown', text: `${subject} rests after the last run` };
    const mine = this.#spent.filter((s) => s.subject === subject).length;
    if (mine >= this.#policy.perTarget) return { reason: 'budget_exhausted', text: `${mine} runs on ${subject} within the window` };
    if (this.#spent.length >= this.#policy.global) return { reason: 'budget_exhausted', text: `${this.#spent.length} runs within the window` };
    return undefined;
  }

  /** Approved (by policy or a person): asked again whether it may be, for time has passed, then the precheck. */
  #admit(run: ActionRun, text: string): void {
    const refusal = this.#refusal(run);
    if (refusal !== undefined) return this.#end(run, 'refused', refusal.reason, refusal.text);
    this.#begin({ ...run, startedAt: this.#now }, 'approved', 'none', text);
  }

  #ended(input: Extract<RespondInput, { kind: 'ended' }>): void {
    const before = this.#runs[input.runId];
    // A word about a step that is not the one under way (a crash lies between) changes nothing.
    if (before === undefined || EFFECT_OF[before.state] !== input.effect) return;
    const run = { ...before, log: addLines(before.log, this.#now, input.log) };
    const { ok, text, check } = input;
    switch (input.effect) {
      case 'precheck':
        if (check === 'INCONCLUSIVE') return this.#end(run, 'refused', 'inconclusive', 'the check is INCONCLUSIVE: the monitor itself may be cut off');
        if (check === 'UP' || check === 'MAINTENANCE' || check === 'UNKNOWN') return this.#end(run, 'refused', 'precheck_failed', `the check is ${check}: there is nothing to mend`);
        if (!ok) return this.#end(run, 'refused', 'precheck_failed', text);
        // The budget is spent by acting, not by asking.
        this.#spent = [...this.#spent, { subject: run.plan.subject, time: this.#now }];
        return this.#begin(run, 'executing', 'none', text);
      case 'execute':
        return ok ? this.#begin(run, 'verifying', 'none', text) : this.#undo(run, 'execute_failed', text);
      case 'verify': {
        const proven = ok && (check === null || check === 'UP');
        if (proven) return this.#end(run, 'succeeded', 'verified', text);
        return this.#undo(run, check === 'INCONCLUSIVE' ? 'inconclusive' : 'verify_failed', check === null || check === 'UP' ? text : `the check is ${check}: ${text}`);
      }
      case 'revert':
        return this.#end(run, ok ? 'reverted' : 'revert_failed', run.reason, text);
    }
  }

  #undo(run: ActionRun, reason: RunReason, text: string): void {
    if (run.plan.revertable) this.#begin(run, 'reverting', reason, text);
    else this.#end(run, 'failed', reason, text);
  }

  #restarted(run: ActionRun): void {
    switch (run.state) {
      case 'planned':
      case 'approved':
        // Nothing was touched yet, and the alert that asked for it may be over.
        return this.#end(run, 'refused', 'crashed', 'the program was restarted before anything was done');
      case 'executing':
      case 'verifying':
      case 'interrupted':
        if (run.plan.revertable) return this.#begin(run, 'interrupted', 'crashed', 'the program was restarted in the middle: it is undone');
        return this.#end(run, 'failed', 'crashed', 'the program was restarted in the middle, and the action cannot be undone');
      case 'reverting':
        return this.#begin(run, 'reverting', run.reason, 'the program was restarted while it was undone: once more');
      default:
        return;
    }
  }

  // ---- states

  #begin(run: ActionRun, state: RunState, reason: RunReason, text: string): void {
    this.#put(run, state, reason, text);
    const effect = EFFECT_OF[state];
    if (effect === undefined) return;
    const timeoutMs = effect === 'verify' ? this.#policy.verifyTimeoutMs : this.#policy.executeTimeoutMs;
    this.outputs.push({ kind: 'effect', runId: run.id, effect, plan: run.plan, timeoutMs });
  }

  #end(run: ActionRun, state: RunState, reason: RunReason, text: string): void {
    const acted = this.#spent.length > 0 && run.startedAt !== null && state !== 'refused' && state !== 'rejected';
    if (acted) this.#restingUntil[run.plan.subject] = this.#now + nanosFromMs(this.#policy.cooldownMs);
    this.#put({ ...run, endedAt: this.#now }, state, reason, text);
  }

  #put(run: ActionRun, state: RunState, reason: RunReason, text: string): void {
    const next: ActionRun = { ...run, state, reason, log: addLines(run.log, this.#now, [`${state}: ${text}`]) };
    this.#runs[run.id] = next;
    this.outputs.push({ kind: 'run', run: next });
  }

  #find(runId: string): ActionRun {
    const run = this.#runs[runId];
    if (run === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no run ${runId}`);
    return run;
  }

  #waiting(runId: string): ActionRun {
    const run = this.#find(runId);
    if (run.state !== 'waiting_approval') throw new WirewatchError('WW_CONFLICT', `the run is ${run.state}, it does not wait for approval`);
    return run;
  }

  #inOrder(): ActionRun[] {
    return Object.values(this.#runs).sort((a, b) => (a.plan.createdAt < b.plan.createdAt ? -1 : a.plan.createdAt > b.plan.createdAt ? 1 : a.id < b.id ? -1 : 1));
  }
}

const MAX_LINES = 200;

function addLines(log: ActionRun['log'], time: Nanos, lines: readonly string[]): ActionRun['log'] {
  const all = [...log, ...lines.map((text) => ({ time, text: text.slice(0, 2000) }))];
  return all.length <= MAX_LINES ? all : [...all.slice(0, MAX_LINES / 2), ...all.slice(-MAX_LINES / 2)];
}
