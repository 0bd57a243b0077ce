import { spawn } from 'node:child_process';

/** How a program of this machine ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set where it could not be started. */
  readonly fault: string | null;
  /** What it wrote to both its outputs, the first 4 KiB. */
  readonly said: string;
}

const MAX_SAID = 4096;

/** Runs a program with `input`, in a process group of its own that ends with the signal. No shell reads its arguments. */
export async function runProgram(argv: readonly string[], input: string, signal: AbortSignal, env: Readonly<Record<string, string>> = {}): Promise<ProgramEnd> {
  return await new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    });
    let said = '';
    const hear = (chunk: Buffer): void => {
      if (said.length < MAX_SAID) said += chunk.toString('utf8');
    };
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    };
    const finish = (over: Partial<ProgramEnd>): void => {
      signal.removeEventListener('abort', end);
      resolve({ code: null, signal: null, fault: null, said: said.trim().slice(0, MAX_SAID), ...over });
    };
    signal.addEventListener('abort', end, { once: true });
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // A program need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error: NodeJS.ErrnoException) => finish({ fault: error.code ?? error.message }));
    child.once('close', (code, killed) => finish({ code, signal: killed }));
    if (signal.aborted) end();
  });
}
