import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import type { CheckId, PathTrace, ProbeResult, TargetId } from '../model/index.ts';
import type { CheckMemory } from '../probe/check-state.ts';
import type { FromProber, ProberEvent, ProberPlan, ToProber } from '../probe/prober-messages.ts';
import { PersistedMachine } from '../pipeline/persisted-machine.ts';
import { SupervisedChild } from '../pipeline/supervised-child.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Log } from './log.ts';
import type { Troubles } from './watching.ts';

export interface ProbingOptions {
  readonly store: StateStore;
  /** Without the memories, which are kept here. */
  plan(): Omit<ProberPlan, 'memories'>;
  onEvents(events: readonly ProberEvent[]): void;
  readonly log: Log;
}

interface MemoriesState {
  readonly memories: Readonly<Record<string, CheckMemory>>;
}

const SAVE_MS = 5000;
const REQUEST_MS = 60_000;

/** The main process's side of the prober: its plan, its events in order, its memory across restarts, one-off rounds and traces. */
export class Probing {
  readonly #options: ProbingOptions;
  readonly #child: SupervisedChild;
  readonly #memories: PersistedMachine<MemoriesState>;
  readonly #requests = new Map<number, { resolve(reply: Extract<FromProber, { kind: 'reply' }>): void; reject(error: unknown): void }>();
  #known: Record<string, CheckMemory>;
  #nextRequest = 1;
  #save: NodeJS.Timeout | undefined;
  /** Results that the prober had to drop because they were not taken in time. */
  dropped = 0;
  /** How ICMP is measured; null until the prober has said so. */
  icmp: Extract<FromProber, { kind: 'ready' }>['icmp'] | null = null;

  constructor(options: ProbingOptions) {
    this.#options = options;
    this.#memories = new PersistedMachine<MemoriesState>(options.store, 'prober', { memories: {} });
    this.#known = { ...this.#memories.state.memories };
    this.#child = new SupervisedChild({
      name: 'prober',
      entry: path.join(import.meta.dirname, `../probe/prober-process${path.extname(import.meta.filename)}`),
      onStart: () => this.#sendPlan(),
      onMessage: (message) => this.#onMessage(message as FromProber),
      onStderr: (line) => options.log('warn', `prober: ${line}`),
      onLost: ({ code, signal, restartInMs }) => {
        options.log('error', `the prober ended (${signal ?? code}); it starts again in ${restartInMs} ms`);
        for (const { reject } of this.#requests.values()) reject(new WirewatchError('WW_NOT_RUNNING', 'the prober ended before it answered'));
        this.#requests.clear();
      },
    });
  }

  get state(): { readonly running: boolean; readonly restarts: number; readonly pid: number | undefined } {
    return { running: this.#child.running, restarts: this.#child.restarts, pid: this.#child.pid };
  }

  /**
   * What is remembered of a check and does not agree with the alerts that fire is forgotten: its state is then found anew, and told,
   * so that no alert outlives its cause and no cause goes without its alert, wherever the last life was cut off.
   */
  start(troubles: Troubles): void {
    this.#known = Object.fromEntries(Object.entries(this.#known).filter(([check, memory]) => {
      const firing = [...(troubles.checks.get(check)?.keys() ?? [])].filter((t) => memory.state !== 'DOWN' || t === 'down').sort();
      const remembered = memory.state === 'DOWN' ? ['down'] : [...memory.causes].sort();
      return firing.join() === remembered.join();
    }));
    this.#child.start();
  }

  async stop(): Promise<void> {
    this.#send({ kind: 'stop' });
    await this.#child.stop();
    clearTimeout(this.#save);
    this.#saveMemories();
  }

  /** The configuration changed. */
  replan(): void {
    this.#sendPlan();
  }

  async run(checkId: CheckId): Promise<ProbeResult> {
    const reply = await this.#ask((request) => ({ kind: 'run', request, checkId }));
    if (reply.result === undefined) throw new WirewatchError('WW_NOT_FOUND', reply.error ?? `there is no check ${checkId}`);
    return reply.result;
  }

  async trace(targetId: TargetId): Promise<PathTrace> {
    const reply = await this.#ask((request) => ({ kind: 'trace', request, targetId }));
    if (reply.trace === undefined) throw new WirewatchError('WW_NOT_FOUND', reply.error ?? `there is no target ${targetId}`);
    return reply.trace;
  }

  #ask(make: (request: number) => ToProber): Promise<Extract<FromProber, { kind: 'reply' }>> {
    return new Promise((resolve, reject) => {
      const request = this.#nextRequest++;
      const timer = setTimeout(() => {
        this.#requests.delete(request);
        reject(new WirewatchError('WW_NOT_RUNNING', 'the prober did not answer in time'));
      }, REQUEST_MS);
      const settle = <T>(then: (value: T) => void) => (value: T): void => {
        clearTimeout(timer);
        then(value);
      };
      this.#requests.set(request, { resolve: settle(resolve), reject: settle(reject) });
      if (!this.#send(make(request))) {
        this.#requests.delete(request);
        settle(reject)(new WirewatchError('WW_NOT_RUNNING', 'the prober is not running'));
      }
    });
  }

  #send(message: ToProber): boolean {
    return this.#child.send(message);
  }

  #sendPlan(): void {
    this.#send({ kind: 'plan', plan: { ...this.#options.plan(), memories: this.#known } });
  }

  #onMessage(message: FromProber): void {
    switch (message.kind) {
      case 'ready':
        this.icmp = message.icmp;
        if (message.icmp.remedy !== null) this.#options.log('warn', `ICMP: IPv4 ${message.icmp.v4}, IPv6 ${message.icmp.v6}; to do: ${message.icmp.remedy}`);
        return;
      case 'batch':
        this.dropped += message.dropped;
        Object.assign(this.#known, message.memories);
        this.#save ??= setTimeout(() => this.#saveMemories(), SAVE_MS);
        try {
          this.#options.onEvents(message.events);
        } finally {
          this.#send({ kind: 'ack', batches: 1 });
        }
        return;
      case 'reply': {
        const waiting = this.#requests.get(message.request);
        this.#requests.delete(message.request);
        waiting?.resolve(message);
      }
    }
  }

  #saveMemories(): void {
    this.#save = undefined;
    const next: MemoriesState = { memories: { ...this.#known } };
    try {
      this.#options.store.transaction('normal', () => this.#memories.write(next));
      this.#memories.adopt(next);
    } catch (error) {
      this.#options.log('warn', `the prober's memory cannot be kept: ${(error as Error).message}`);
    }
  }
}
