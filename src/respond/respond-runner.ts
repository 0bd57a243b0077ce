import { toHex } from '../base/bytes.ts';
import { WirewatchError } from '../base/errors.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { msOf, type Nanos } from '../base/time.ts';
import type { CheckState, Plan } from '../model/index.ts';
import type { ActionContext, ActionDefinition, ActionOutcome, ActionSubject, ProbeAnswer } from './define-action.ts';
import type { DigestHost, RespondInput, RespondOutput, RespondPolicy, RespondState, RespondStep } from './respond-state.ts';
import { stepRespond } from './transaction.ts';

/** Where the state lives: `update` is one transaction, durable when it returns. */
export interface RespondStore {
  update(step: (state: RespondState) => RespondStep): RespondStep | Promise<RespondStep>;
}

export interface RespondDeps {
  readonly store: RespondStore;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  readonly policy: RespondPolicy;
  readonly host: DigestHost;
  now(): Nanos;
  /** Runs the check once, now, and says how it stands; the same probe that raised the alert. */
  probe(checkId: string): Promise<ProbeAnswer>;
  /** Runs for the store and the timeline, after they are durable. */
  onOutputs(outputs: readonly RespondOutput[]): void;
  /** The state could not be written: the step that it names is not begun. */
  onStoreError(error: unknown): void;
}

/** What incident asks for. */
export interface PlanRequest {
  /** The same for a request that is repeated because nobody knows whether it was heard: it makes one plan, and one run. Absent = new. */
  readonly key?: string | undefined;
  readonly incidentId: string;
  readonly action: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly subject: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly checkId: string | null;
  readonly drill: boolean;
}

/** Plans actions and carries out the steps of their transactions. Inert until `start()`. */
export class RespondRunner {
  readonly #deps: RespondDeps;
  #queue: Promise<void> = Promise.resolve();
  #running = new Set<Promise<void>>();
  #stopping = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: RespondDeps) {
    this.#deps = deps;
  }

  /** Finds what an earlier life left in the middle, and undoes it. */
  async start(): Promise<void> {
    await this.give({ kind: 'restart' });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the program stops'));
    clearTimeout(this.#timer);
    await this.#queue;
    await Promise.allSettled(this.#running);
  }

  /** Looks at the facts and makes the plan; nothing is changed. Throws a `WirewatchError` for options or actions that do not fit. */
  async plan(request: PlanRequest): Promise<Plan> {
    const action = this.#action(request.action);
    const options = optionsOf(action, request.options);
    const subject: ActionSubject = { incidentId: request.incidentId, name: request.subject, labels: request.labels };
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(this.#deps.policy.executeTimeoutMs)]);
    const facts = await action.facts(this.#context(signal, []), subject, options);
    const { steps, revertable } = action.plan(subject, facts, options);
    const createdAt = this.#deps.now();
    const { host } = this.#deps;
    const id = toHex(host.sha256(host.encodeUtf8(`plan\n${request.key ?? canonicalJson({ ...request, createdAt })}`))).slice(0, 16);
    return {
      schema: 1, id, action: action.name, incidentId: request.incidentId, subject: request.subject, steps, impact: action.impact, options: request.options,
      facts, revertable, verifyCheckId: request.checkId, createdAt, drill: request.drill,
    };
  }

  /** Plans and begins; durable when it returns, carried out apart. */
  async request(request: PlanRequest): Promise<Plan> {
    const plan = await this.plan(request);
    await this.give({ kind: 'plan', plan });
    return plan;
  }

  /** One input after the other. Rejects with the `WirewatchError` of an order that does not fit. */
  async give(input: RespondInput): Promise<void> {
    const done = this.#queue.then(() => this.#step(input));
    this.#queue = done.catch(() => undefined);
    await done;
  }

  /** Resolves when no step is under way; for drills and tests. */
  async idle(): Promise<void> {
    do {
      await this.#queue;
      await Promise.allSettled(this.#running);
    } while (this.#running.size > 0);
  }

  async #step(input: RespondInput): Promise<void> {
    const { store, policy, host, now } = this.#deps;
    let step: RespondStep;
    try {
      step = await store.update((state) => stepRespond(state, input, now(), policy, host));
    } catch (error) {
      if (!(error instanceof WirewatchError)) this.#deps.onStoreError(error);
      throw error;
    }
    this.#deps.onOutputs(step.outputs);
    for (const output of step.outputs) if (output.kind === 'effect') this.#carryOut(output);
    clearTimeout(this.#timer);
    if (step.nextDeadline === null || this.#stopping.signal.aborted) return;
    const wait = Math.min(Math.max(0, Math.ceil(msOf(step.nextDeadline - now()))), 2 ** 31 - 1);
    this.#timer = setTimeout(() => void this.give({ kind: 'tick' }).catch(() => undefined), wait);
  }

  #carryOut(effect: Extract<RespondOutput, { kind: 'effect' }>): void {
    const run = this.#effect(effect).then(async (ended) => {
      // What a stopping program broke off is found as interrupted at the next start, and undone then.
      if (this.#stopping.signal.aborted && !ended.ok) return;
      await this.give({ kind: 'ended', runId: effect.runId, effect: effect.effect, ...ended }).catch(() => undefined);
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async #effect({ effect, plan, timeoutMs }: Extract<RespondOutput, { kind: 'effect' }>): Promise<{ ok: boolean; text: string; check: CheckState | null; log: string[] }> {
    const log: string[] = [];
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
    const context = this.#context(signal, log);
    let check: CheckState | null = null;
    let outcome: ActionOutcome;
    try {
      const action = this.#action(plan.action);
      const options = optionsOf(action, plan.options);
      outcome = await withDeadline(action[effect](context, plan, options), signal);
      if (plan.verifyCheckId !== null && (effect === 'precheck' || effect === 'verify')) {
        const answer = await withDeadline(this.#deps.probe(plan.verifyCheckId), signal);
        check = answer.state;
        log.push(`check ${plan.verifyCheckId} is ${answer.state}: ${answer.reason}`);
      }
    } catch (error) {
      outcome = { ok: false, text: error instanceof Error ? error.message : String(error) };
    }
    return { ...outcome, check, log };
  }

  #context(signal: AbortSignal, log: string[]): ActionContext {
    return { signal, log: (text) => void log.push(text), probe: (checkId) => this.#deps.probe(checkId) };
  }

  #action(name: string): ActionDefinition {
    const action = this.#deps.actions.get(name);
    if (action === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no action ${name}`, { remedy: `One of ${[...this.#deps.actions.keys()].join(', ')}.` });
    return action;
  }
}

function optionsOf(action: ActionDefinition, options: Readonly<Record<string, unknown>>): never {
  const parsed = action.options.safeParse(options);
  if (parsed.success) return parsed.data as never;
  const [issue] = parsed.error.issues;
  throw new WirewatchError('WW_CONFIG_VALUE', `action ${action.name}: ${issue.message}`, { where: issue.path.map(String).join('.') });
}

/** An action that overruns its time is left behind and counts as failed. */
async function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const overrun = new Promise<never>((_resolve, reject) => {
    stop = () => setTimeout(() => reject(new Error('not done within the time allowed')), 250);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, overrun]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
