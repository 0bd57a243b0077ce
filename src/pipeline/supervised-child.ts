import { fork, type ChildProcess } from 'node:child_process';

export interface SupervisedChildOptions {
  /** For people and metrics: `store`, `prober`, `capture eth0`. */
  readonly name: string;
  /** File that is run by the same Node. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  onMessage(message: unknown): void;
  /** The process runs; what it has to know is sent now. */
  onStart(): void;
  /** It ended without being asked to; it starts again after `restartInMs`, or never where that is null. */
  onLost?(exit: { readonly code: number | null; readonly signal: string | null; readonly restartInMs: number | null }): void;
  /** Lines that it wrote to its standard error. */
  onStderr?(line: string): void;
  /** Exit codes after which a restart would be no use (a missing privilege). */
  readonly finalCodes?: readonly number[];
}

const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 30_000;
/** A process that ran this long had started well: the next restart is quick again. */
const SETTLED_MS = 60_000;
const STOP_GRACE_MS = 5000;
const MAX_LINE = 4096;

/** A child process that is started again when it ends, ever more slowly while it keeps ending. Inert until `start`. */
export class SupervisedChild {
  readonly #options: SupervisedChildOptions;
  #child: ChildProcess | undefined;
  #wanted = false;
  #restartMs = FIRST_RESTART_MS;
  #timer: NodeJS.Timeout | undefined;
  restarts = 0;

  constructor(options: SupervisedChildOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child?.connected === true;
  }

  start(): void {
    this.#wanted = true;
    this.#spawn();
  }

  /** False where no process is there to take it. */
  send(message: unknown): boolean {
    if (this.#child?.connected !== true) return false;
    this.#child.send(message as never, () => undefined);
    return true;
  }

  /** Asks it to end (it is disconnected), then insists. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.disconnect();
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await gone;
    clearTimeout(insist);
  }

  #spawn(): void {
    const { entry, args = [], env } = this.#options;
    const startedAt = performance.now();
    const child = fork(entry, [...args], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: [],
      ...(env === undefined ? {} : { env }),
    });
    this.#child = child;
    child.on('message', (message) => this.#options.onMessage(message));
    child.on('error', () => undefined);
    let rest = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-MAX_LINE);
      for (const line of lines) this.#options.onStderr?.(line.slice(0, MAX_LINE));
    });
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      if (!this.#wanted) return;
      const final = code !== null && (this.#options.finalCodes ?? []).includes(code);
      if (performance.now() - startedAt > SETTLED_MS) this.#restartMs = FIRST_RESTART_MS;
      const restartInMs = final ? null : this.#restartMs;
      this.#options.onLost?.({ code, signal, restartInMs });
      if (restartInMs === null) return;
      this.#restartMs = Math.min(LONGEST_RESTART_MS, this.#restartMs * 2);
      this.#timer = setTimeout(() => {
        if (!this.#wanted) return;
        this.restarts++;
        this.#spawn();
      }, restartInMs);
    });
    this.#options.onStart();
  }
}
