import { parseMatcher } from '../../src/alert/matcher.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { LoopRunner, type LoopConfig, type LoopEvent, type LoopJob, type LoopRunnerDeps } from '../../src/pipeline/loop-runner.ts';
import { INCIDENT_DEFAULTS } from '../../src/incident/incident-state.ts';
import { OUTBOX_DEFAULTS } from '../../src/notify/outbox-state.ts';
import { openStateStore } from '../../src/store/adapters/sqlite.ts';
import type { StateStore } from '../../src/store/state-store.ts';

/** Every alert alone, told at once to the receiver `ops` through the channel `mail`. */
export const LOOP_CONFIG: LoopConfig = {
  alert: {
    route: { receiver: 'ops', groupBy: ['...'], groupWaitMs: 0, groupIntervalMs: 1000, repeatIntervalMs: 3_600_000, matchers: [parseMatcher('severity!=""')] },
    receivers: [{ name: 'ops' }], inhibit: [], lifecycle: [], maxAlerts: 1000,
  },
  incident: INCIDENT_DEFAULTS,
  outbox: { ...OUTBOX_DEFAULTS, chains: { ops: [{ channel: 'mail', deadlineMs: 60_000 }] } },
};

export interface TestLoop {
  readonly store: StateStore;
  readonly runner: LoopRunner;
  readonly events: LoopEvent[];
  readonly jobs: LoopJob[];
  readonly log: string[];
}

/** A loop on a state file, with the real clock. */
export function openLoop(file: string, over: Partial<LoopRunnerDeps> = {}, config: LoopConfig = LOOP_CONFIG): TestLoop {
  const store = openStateStore({ file });
  const events: LoopEvent[] = [];
  const jobs: LoopJob[] = [];
  const log: string[] = [];
  const runner = new LoopRunner(config, {
    store, host: nodeHost, regex: (pattern) => new RegExp(pattern), now: () => BigInt(Date.now()) * 1_000_000n, linkOf: (id) => `http://127.0.0.1/incidents/${id}`,
    onEvent: (event) => void events.push(event), startJob: (job) => void jobs.push(job), wakeOutbox: () => undefined, log: (_level, text) => void log.push(text), ...over,
  });
  return { store, runner, events, jobs, log };
}
