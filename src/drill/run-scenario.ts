import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WirewatchError } from '../base/errors.ts';
import type { DrilledProgram, Scenario, ScenarioContext } from './define-scenario.ts';
import type { DrillRunReport, DrillStageReport } from './drill-report.ts';
import { Lab } from './lab.ts';
import { removeStaleLabs } from './stale-labs.ts';

export interface RunScenarioOptions {
  readonly family: 'ipv4' | 'ipv6';
  readonly signal: AbortSignal;
  /** Starts the program on a host of the lab, with its data in `dir`, and waits until it answers. */
  startProgram(lab: Lab, host: string, dir: string, config: object): Promise<DrilledProgram>;
  /** The report each time that a stage has changed. */
  onProgress(report: DrillRunReport): void;
}

/** Longest drill of all, milliseconds. */
const WHOLE_MS = 85_000;
/** Longest wait for what comes before the fault. */
const BEFORE_MS = 25_000;
const LOOK_EVERY_MS = 100;

/** Runs a scenario to its end and takes its network down again: on success, failure and abort alike. */
export async function runScenario(scenario: Scenario, options: RunScenarioOptions): Promise<DrillRunReport> {
  const started = Date.now();
  const stages = new Map<string, DrillStageReport>(scenario.stages.map(({ name, limitMs }) => [name, { name, limitMs, state: 'waiting', afterMs: null, detail: '' }]));
  const dir = mkdtempSync(path.join(os.tmpdir(), `wirewatch-drill-${process.pid}-`));
  const lab = new Lab(`wirewatch-drill-${process.pid}`);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(WHOLE_MS)]);
  let faultAtMs = 0;
  let program: DrilledProgram | undefined;
  let problem: string | null = null;

  const report = (state: DrillRunReport['state']): DrillRunReport => ({
    scenario: scenario.name, title: scenario.title, family: options.family, state, startedAt: new Date(started).toISOString(),
    faultAt: faultAtMs === 0 ? null : new Date(faultAtMs).toISOString(), endedAt: state === 'running' ? null : new Date().toISOString(), stages: [...stages.values()], problem,
  });
  function settle(name: string, change: Partial<DrillStageReport>): void {
    stages.set(name, { ...stages.get(name)!, ...change });
    options.onProgress(report('running'));
  }
  function goOn(): void {
    if (options.signal.aborted) throw new WirewatchError('WW_DRILL', 'it was interrupted');
    if (signal.aborted) throw new WirewatchError('WW_DRILL', `it took longer than ${WHOLE_MS / 1000} s`);
    if (program !== undefined && (program.process.exitCode ?? program.process.signalCode) !== null) throw new WirewatchError('WW_DRILL', `the program ended: ${program.lastWords()}`);
  }

  const ctx: ScenarioContext = {
    family: options.family, lab, dir, signal,
    async startProgram(host, config) {
      goOn();
      program = await options.startProgram(lab, host, dir, config);
      return program;
    },
    faultBegins() {
      faultAtMs = Date.now();
    },
    get faultAtMs() {
      return faultAtMs;
    },
    async stage(name, look) {
      const { limitMs } = stages.get(name)!;
      const deadline = limitMs === null ? Date.now() + BEFORE_MS : faultAtMs + limitMs;
      let trouble = 'nothing of it was seen';
      for (;;) {
        goOn();
        try {
          const proof = await look();
          if (proof !== undefined) {
            const at = proof.atMs ?? Date.now();
            const inTime = at <= deadline;
            settle(name, { state: inTime ? 'passed' : 'failed', afterMs: limitMs === null ? null : Math.round(at - faultAtMs), detail: inTime ? proof.detail : `too late: ${proof.detail}` });
            return inTime;
          }
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          trouble = error.message;
        }
        if (Date.now() > deadline) {
          settle(name, { state: 'failed', detail: `not in time: ${trouble}` });
          return false;
        }
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
  };

  try {
    removeStaleLabs();
    await scenario.run(ctx);
  } catch (error) {
    if (error instanceof WirewatchError) problem = error.remedy === undefined ? error.message : `${error.message}; to do: ${error.remedy}`;
    else problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await lab.destroy();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  for (const [name, stage] of stages) if (stage.state === 'waiting') stages.set(name, { ...stage, state: 'failed', detail: 'not reached' });
  const passed = problem === null && [...stages.values()].every((s) => s.state === 'passed');
  return report(passed ? 'passed' : 'failed');
}
