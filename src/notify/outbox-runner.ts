import { msOf, type Nanos } from '../base/time.ts';
import type { Notification } from '../model/index.ts';
import type { ChannelDefinition, SendResult } from './define-channel.ts';
import { stepOutbox } from './outbox.ts';
import type { DigestHost, OutboxConfig, OutboxInput, OutboxOutput, OutboxState, OutboxStep } from './outbox-state.ts';
import { redact, secretsOf } from './redact.ts';

/** Where the outbox lives: `update` is one transaction, and what it returns is durable when it returns. */
export interface OutboxStore {
  update(step: (state: OutboxState) => OutboxStep): OutboxStep | Promise<OutboxStep>;
}

/** A configured channel: its kind with options that its schema has accepted. */
export interface ChannelInstance {
  readonly name: string;
  readonly definition: ChannelDefinition;
  readonly options: unknown;
}

export interface OutboxRunnerDeps {
  readonly store: OutboxStore;
  readonly channels: ReadonlyMap<string, ChannelInstance>;
  readonly config: OutboxConfig;
  readonly host: DigestHost;
  now(): Nanos;
  /** Records for the store and the timeline, after they are durable. Attempts are the runner's own. */
  onOutputs(outputs: readonly OutboxOutput[]): void;
  /** The state could not be written (full disk): nothing was sent; tried again shortly. */
  onStoreError(error: unknown): void;
  readonly attemptTimeoutMs: number;
}

const STORE_RETRY_MS = 1_000;

/**
 * Carries out what the outbox decides: apart from the probes' loop, and never in anybody's way.
 *
 * Inert until `start()`. A crash between an attempt and its record means a second attempt under the same key, never a lost message.
 */
export class OutboxRunner {
  readonly #deps: OutboxRunnerDeps;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = new Set<Promise<void>>();
  #stopping = new AbortController();
  #queue: Promise<void> = Promise.resolve();

  constructor(deps: OutboxRunnerDeps) {
    this.#deps = deps;
  }

  /** Takes up what an earlier life left; what it was sending then is sent again. */
  async start(): Promise<void> {
    await this.#give({ kind: 'restart' });
    await this.#give({ kind: 'tick' });
  }

  /** Durable when it returns; rejects where it could not be written down. */
  async notify(receiver: string, notification: Notification): Promise<void> {
    const { store, config, host, now } = this.#deps;
    const step = await store.update((state) => stepOutbox(state, { kind: 'notify', receiver, notification }, now(), config, host));
    this.#deps.onOutputs(step.outputs);
    this.wake();
  }

  /** Somebody else put messages into the state (alerting does, in its own transaction): look now. */
  wake(): void {
    if (!this.#stopping.signal.aborted) void this.#give({ kind: 'tick' });
  }

  /** Attempts under way are given up; their messages are sent again at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the program stops'));
    clearTimeout(this.#timer);
    await this.#queue;
    await Promise.allSettled(this.#running);
  }

  /** Resolves when nothing is being sent and nothing waits that could be sent now; for drills and tests. */
  async idle(): Promise<void> {
    do {
      await this.#queue;
      await Promise.allSettled(this.#running);
    } while (this.#running.size > 0);
  }

  /** One input after the other. */
  #give(input: OutboxInput): Promise<void> {
    this.#queue = this.#queue.then(() => this.#step(input));
    return this.#queue;
  }

  async #step(input: OutboxInput): Promise<void> {
    const { store, config, host, now } = this.#deps;
    let step: OutboxStep;
    try {
      step = await store.update((state) => stepOutbox(state, input, now(), config, host));
    } catch (error) {
      this.#deps.onStoreError(error);
      // An outcome that is not recorded leaves its message as being sent: it has to be tried until it is.
      if (!this.#stopping.signal.aborted) this.#later(STORE_RETRY_MS, input);
      return;
    }
    this.#deps.onOutputs(step.outputs);
    for (const output of step.outputs) if (output.kind === 'attempt') this.#send(output);
    if (step.nextDeadline === null || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    const wait = Math.min(Math.max(0, Math.ceil(msOf(step.nextDeadline - now()))), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.wake(), wait);
  }

  #later(ms: number, input: OutboxInput): void {
    const timer = setTimeout(() => void this.#give(input), ms);
    this.#stopping.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #send(attempt: Extract<OutboxOutput, { kind: 'attempt' }>): void {
    const run = this.#attempt(attempt).then(async (result) => {
      // A stopping program aborts its attempts: whether they arrived is not known, so nothing is recorded.
      if (this.#stopping.signal.aborted && result.outcome !== 'delivered') return;
      await this.#give({ kind: 'outcome', itemId: attempt.itemId, channel: attempt.channel, result });
      this.wake();
      await this.#queue;
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async #attempt(attempt: Extract<OutboxOutput, { kind: 'attempt' }>): Promise<SendResult> {
    const channel = this.#deps.channels.get(attempt.channel);
    if (channel === undefined) return { outcome: 'permanent', reason: `there is no channel ${attempt.channel}` };
    const timeout = AbortSignal.timeout(this.#deps.attemptTimeoutMs);
    const signal = AbortSignal.any([timeout, this.#stopping.signal]);
    const context = { signal, dedupKey: attempt.dedupKey, attempt: attempt.attempt, now: this.#deps.now(), known: attempt.known };
    return await sendThrough(channel, context, attempt.notification);
  }
}

/**
 * One attempt that always ends: a channel that overruns its signal is left behind, one that throws has a bug and is retried.
 *
 * Whatever the channel says is freed of its secrets once more.
 */
export async function sendThrough(
  channel: ChannelInstance, context: Parameters<ChannelDefinition['send']>[0], notification: Parameters<ChannelDefinition['send']>[1],
): Promise<SendResult> {
  const secrets = secretsOf(channel.definition, channel.options);
  const overrun = new Promise<SendResult>((resolve) => {
    const give = (): void => resolve({ outcome: 'retry', reason: 'no answer within the time allowed' });
    if (context.signal.aborted) give();
    else context.signal.addEventListener('abort', () => setTimeout(give, 250), { once: true });
  });
  const sent = channel.definition.send(context, notification, channel.options as never).catch((error: unknown): SendResult => ({
    outcome: 'retry', reason: `the channel failed: ${error instanceof Error ? error.message : String(error)}`,
  }));
  const result = await Promise.race([sent, overrun]);
  return result.outcome === 'delivered' ? { ...result, detail: redact(result.detail, secrets) } : { ...result, reason: redact(result.reason, secrets) };
}
