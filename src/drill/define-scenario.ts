import type { ChildProcess } from 'node:child_process';
import type { Lab } from './lab.ts';

/** The part of the program's API that a scenario asks; paths below /api/v1. */
export interface DrillApi {
  get<T>(path: string, query?: Readonly<Record<string, string | number>>): Promise<T>;
  post<T>(path: string): Promise<T>;
}

/** The program under drill, running as a process of its own on a host of the lab. */
export interface DrilledProgram {
  readonly api: DrillApi;
  readonly process: ChildProcess;
  /** The newest lines of its log, for a report of a failure. */
  lastWords(): string;
}

/** What a stage says once it has happened. */
export interface StageProof {
  /** When, milliseconds since the epoch; now where it is left out. */
  readonly atMs?: number;
  readonly detail: string;
}

/** What a scenario has at hand. The lab and the folder are gone when it ends, however it ends. */
export interface ScenarioContext {
  readonly family: 'ipv4' | 'ipv6';
  readonly lab: Lab;
  /** Empty folder for files of the drill. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Starts the program on a host with a configuration (as an object; it is written as a file) and waits until it answers. */
  startProgram(host: string, config: object): Promise<DrilledProgram>;
  /** Says that the fault begins now. */
  faultBegins(): void;
  /** When the fault began, milliseconds since the epoch. */
  readonly faultAtMs: number;
  /**
   * Looks again and again until the proof is there or the stage's time is over. A stage that fails does not end the drill: what
   * came of the later ones is worth knowing. Returns whether it passed.
   */
  stage(name: string, look: () => Promise<StageProof | undefined>): Promise<boolean>;
}

/** One drill: a real fault, and the stages that must follow from it. One file in drill/scenarios exports one of these. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Stages in their order, each with its limit in milliseconds since the fault; null = before the fault. */
  readonly stages: readonly { readonly name: string; readonly limitMs: number | null }[];
  run(ctx: ScenarioContext): Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
