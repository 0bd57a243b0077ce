import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WirewatchError } from '../../base/errors.ts';
import { uuidV7 } from '../../base/ids.ts';
import { msOf, nanosFromMs, type Nanos } from '../../base/time.ts';
import type { DrillRunReport } from '../../drill/drill-report.ts';
import { scenarios } from '../../drill/scenarios.generated.ts';
import type { DrillReport, DrillService } from '../../pipeline/services.ts';
import type { StateStore } from '../../store/state-store.ts';

export interface DrillServiceOptions {
  readonly store: StateStore;
  now(): Nanos;
  /** A drill's report has changed. */
  onChange(id: string): void;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** Reports that are listed. */
const LISTED = 100;
/** A drill bounds itself; one that does not end by then is ended. */
const LONGEST_MS = 120_000;
/** After this the drill's own cleaning has had its time. */
const CLEANING_MS = 15_000;

/** Drills by the API: each is the command line's own drill in a process of its own, its report kept in the state store. */
export class DrillRunner implements DrillService {
  readonly #options: DrillServiceOptions;
  #running: { readonly id: string; readonly child: ChildProcess; readonly ended: Promise<void> } | null = null;

  constructor(options: DrillServiceOptions) {
    this.#options = options;
  }

  /** A drill that an earlier life of the program had begun will not end any more. */
  forgetRunning(): void {
    for (const { body } of this.#options.store.find<DrillReport>({ kind: 'drill', state: 'running', limit: LISTED })) {
      this.#put({ ...body, state: 'failed', endedAt: this.#options.now(), stages: body.stages.map((s) => (s.state === 'waiting' ? { ...s, state: 'failed', detail: 'the program ended meanwhile' } : s)) });
    }
  }

  /** Ends a drill that runs; it takes its network down first. */
  async stop(): Promise<void> {
    this.#running?.child.kill('SIGTERM');
    await this.#running?.ended;
  }

  async scenarios(): ReturnType<DrillService['scenarios']> {
    return await Promise.resolve(scenarios.map(({ name, title }) => ({ name, title })));
  }

  async list(): ReturnType<DrillService['list']> {
    return await Promise.resolve(this.#options.store.find<DrillReport>({ kind: 'drill', limit: LISTED }).map((d) => d.body));
  }

  async get(id: string): Promise<DrillReport> {
    const found = this.#options.store.get<DrillReport>('drill', id);
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no drill ${id}`);
    return await Promise.resolve(found.body);
  }

  async start(name: string, actor: string): Promise<DrillReport> {
    const { now, log } = this.#options;
    const scenario = scenarios.find((s) => s.name === name);
    if (scenario === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no drill ${name}`, { remedy: `one of: ${scenarios.map((s) => s.name).join(', ')}` });
    if (process.getuid?.() !== 0) {
      throw new WirewatchError('WW_DRILL_PRIVILEGE', 'a drill makes network namespaces, which needs root, and this program does not run as root', { remedy: `on this machine: sudo wirewatch drill ${name}` });
    }
    if (this.#running !== null) throw new WirewatchError('WW_CONFLICT', `drill ${this.#running.id} is running`, { remedy: 'wait until it has ended' });
    const startedAt = now();
    const begun: DrillReport = {
      id: uuidV7(msOf(startedAt), randomBytes(10)), scenario: name, state: 'running', startedAt, endedAt: null, startedBy: actor,
      stages: scenario.stages.map((s) => ({ name: s.name, state: 'waiting', afterMs: null, detail: '' })),
    };
    this.#put(begun);
    const entry = path.join(import.meta.dirname, `../../cli/main${path.extname(import.meta.filename)}`);
    const child = spawn(process.execPath, [entry, 'drill', name, '--json', '--progress'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let report = begun;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)));
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      report = merge(begun, JSON.parse(line) as DrillRunReport);
      this.#put(report);
    });
    const timers = [setTimeout(() => child.kill('SIGTERM'), LONGEST_MS), setTimeout(() => child.kill('SIGKILL'), LONGEST_MS + CLEANING_MS)];
    const ended = new Promise<void>((resolve) => {
      child.on('error', (error) => (said += error.message));
      child.on('close', (code) => {
        for (const timer of timers) clearTimeout(timer);
        this.#running = null;
        if (report.state === 'running') {
          const why = said.trim() === '' ? `the drill ended with code ${code}` : said.trim();
          report = { ...report, state: 'failed', endedAt: now(), stages: report.stages.map((s) => (s.state === 'waiting' ? { ...s, state: 'failed', detail: why } : s)) };
          this.#put(report);
        }
        log(report.state === 'passed' ? 'info' : 'warn', `drill ${name}: ${report.state}`);
        resolve();
      });
    });
    this.#running = { id: begun.id, child, ended };
    return begun;
  }

  #put(report: DrillReport): void {
    const { store, onChange } = this.#options;
    store.transaction('normal', () => store.put({ kind: 'drill', id: report.id, parent: '', time: report.startedAt, state: report.state, body: report }));
    onChange(report.id);
  }
}

/** The stored report with what the drill says of itself. */
function merge(begun: DrillReport, said: DrillRunReport): DrillReport {
  return {
    ...begun, state: said.state, endedAt: said.endedAt === null ? null : nanosFromMs(Date.parse(said.endedAt)),
    stages: said.stages.map(({ name, state, afterMs, detail }) => ({ name, state, afterMs, detail: said.problem !== null && detail === 'not reached' ? `not reached: ${said.problem}` : detail })),
  };
}
