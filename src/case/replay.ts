import type { CaseStep } from '../model/index.ts';

/** What came of running a step again. `seconds` of the run are not compared: results are. */
export interface ReplayRun {
  /** SHA-256 of each input as it is now; null = it is gone. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** Null where it was not run. */
  readonly resultSha256: string | null;
  /** Why it could not be run; null where it ran. */
  readonly failure: string | null;
}

export type ReplayOutcome = 'equal' | 'nothing_to_run' | 'input_missing' | 'input_changed' | 'result_differs' | 'failed';

export interface ReplayFinding {
  readonly seq: number;
  readonly verb: string;
  readonly outcome: ReplayOutcome;
  /** What is not equal, for people; empty where all is. */
  readonly detail: string;
}

/** Whether a step, run again, gave what it gave then. Inputs come first: a result from other bytes proves nothing. */
export function compareReplay(step: CaseStep, run: ReplayRun): ReplayFinding {
  const found = (outcome: ReplayOutcome, detail = ''): ReplayFinding => ({ seq: step.seq, verb: step.verb, outcome, detail });
  for (const [name, sha256] of Object.entries(step.inputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const now = run.inputs[name] ?? null;
    if (now === null) return found('input_missing', `${name} is not there`);
    if (now !== sha256) return found('input_changed', `${name} was ${sha256}, is ${now}`);
  }
  if (step.resultSha256 === null) return found('nothing_to_run');
  if (run.failure !== null) return found('failed', run.failure);
  return run.resultSha256 === step.resultSha256 ? found('equal') : found('result_differs', `result was ${step.resultSha256}, is ${run.resultSha256}`);
}

export interface Difference {
  /** From 1. */
  readonly line: number;
  /** Null where that side has ended. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The first line in which two results differ; undefined where they are equal. */
export function firstDifference(before: string, after: string): Difference | undefined {
  if (before === after) return undefined;
  const a = before.split('\n');
  const b = after.split('\n');
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return { line: i + 1, before: a[i] ?? null, after: b[i] ?? null };
  }
  return undefined;
}
