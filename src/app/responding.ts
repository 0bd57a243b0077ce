import type { LoadedConfig } from '../config/load-config.ts';
import type { Nanos } from '../base/time.ts';
import type { ActionRun, Alert, CheckId, ProbeResult } from '../model/index.ts';
import type { LoopInput, LoopRunner } from '../pipeline/loop-runner.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { PersistedMachine } from '../pipeline/persisted-machine.ts';
import { actions } from '../respond/actions.generated.ts';
import type { ActionDefinition } from '../respond/define-action.ts';
import { answerOfRound } from '../respond/probe-answer.ts';
import { RespondRunner, type RespondStore } from '../respond/respond-runner.ts';
import { EMPTY_RESPOND_STATE, type RespondState } from '../respond/respond-state.ts';
import { failureOver, signalOfRun } from '../respond/run-signal.ts';
import type { StateStore } from '../store/state-store.ts';
import type { LiveState } from './live-state.ts';
import type { Log } from './log.ts';
import { respondPolicyOf } from './section-adapters.ts';

export interface RespondingDeps {
  readonly store: StateStore;
  readonly loop: LoopRunner;
  readonly live: LiveState;
  readonly log: Log;
  now(): Nanos;
  /** One round of a check, now. */
  probe(checkId: CheckId): Promise<ProbeResult>;
}

/** The state of actions on the disk, which outlives a change of the configuration. */
export class RespondDisk implements RespondStore {
  readonly #deps: RespondingDeps;
  readonly #machine: PersistedMachine<RespondState>;

  constructor(deps: RespondingDeps) {
    this.#deps = deps;
    this.#machine = new PersistedMachine<RespondState>(deps.store, 'respond', EMPTY_RESPOND_STATE);
  }

  /** A step, its runs, and what timeline and people have to hear of them: one transaction. */
  update(step: Parameters<RespondStore['update']>[0]): ReturnType<typeof step> {
    const { loop, store } = this.#deps;
    const result = step(this.#machine.state);
    const runs = result.outputs.flatMap((output) => (output.kind === 'run' ? [output.run] : []));
    const write = (): void => {
      this.#machine.write(result.state);
      for (const run of runs) store.put({ kind: 'run', id: run.id, parent: run.plan.incidentId, time: run.plan.createdAt, state: run.state, body: run });
    };
    loop.commitWith(write, runs.flatMap((run) => this.#heardOf(run)));
    this.#machine.adopt(result.state);
    return result;
  }

  #heardOf(run: ActionRun): LoopInput[] {
    const news = signalOfRun(run, this.#deps.now(), nodeHost);
    return [{ to: 'incident', input: { kind: 'run', run } }, ...(news === undefined ? [] : [{ to: 'alert', input: { kind: 'signal', signal: news } } as const])];
  }
}

/** The runner of actions under a configuration. */
export function createRespondRunner(loaded: LoadedConfig, disk: RespondStore, { live, log, now, probe }: RespondingDeps): RespondRunner {
  return new RespondRunner({
    store: disk,
    actions: new Map((actions as readonly ActionDefinition[]).map((a) => [a.name, a])),
    policy: respondPolicyOf(loaded), host: nodeHost, now,
    async probe(checkId) {
      const result = await probe(checkId as CheckId);
      return answerOfRound(result, live.check(checkId)?.state ?? 'UNKNOWN', live.uplink?.verdict ?? null);
    },
    onOutputs(outputs) {
      for (const output of outputs) if (output.kind === 'run') live.emit({ type: 'action', id: output.run.id, state: output.run.state });
    },
    onStoreError: (error) => log('error', `actions cannot be written down, so none is begun: ${(error as Error).message}`),
  });
}

/** What an action failed to mend is over by itself: what was said of the action ends with it. */
export function endFailures(targetIds: ReadonlySet<string | undefined>, loop: LoopRunner, now: Nanos): void {
  for (const { alert } of Object.values(loop.alertState.alerts)) {
    const over = targetIds.has(alert.labels.target) ? failureOver(alert, now, nodeHost) : undefined;
    if (over !== undefined) loop.signal(over);
  }
}

/** Targets in no trouble any more of which an action is still said to have failed: the program was cut off before it ended that. */
export function recoveredTargets(alerts: Iterable<Alert>): Set<string | undefined> {
  const firing = [...alerts].filter((a) => a.state !== 'resolved');
  const troubled = new Set(firing.filter((a) => !a.name.startsWith('action-')).map((a) => a.labels.target));
  return new Set(firing.map((a) => a.labels.target).filter((target) => !troubled.has(target)));
}
