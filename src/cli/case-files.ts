import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { WirewatchError } from '../base/errors.ts';
import { uuidV7 } from '../base/ids.ts';
import { nearestNames } from '../base/nearest.ts';
import { nanosFromMs } from '../base/time.ts';
import { appendStep, caseText, parseCase, type DigestHost, type StepDraft } from '../case/steps.ts';
import type { Case, CaseStep } from '../model/index.ts';
import { withFileLock } from '../store/file-lock.ts';
import { packageRoot } from './data-folder.ts';
import { EXIT } from './define-command.ts';

/** What shells give for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** A case on the disk: `case.json` and one file for each result, under `cases/<id>/` of the data folder. */
export interface CaseFolder {
  readonly dir: string;
  readonly kept: Case;
}

const DIGESTS: DigestHost = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  encodeUtf8: (text) => Buffer.from(text),
};
export { DIGESTS as caseDigests };

/** Verbs whose results a case keeps: they read and print, and change nothing. */
export const CASE_VERBS = ['read', 'flows', 'follow', 'extract', 'stats', 'analyze', 'compare'] as const;

export function casesRoot(dataDir: string): string {
  return path.join(dataDir, 'cases');
}

/** Who does it, for the record: the system's user. */
export function caseActor(): string {
  return os.userInfo().username;
}

export async function createCase(dataDir: string, title: string): Promise<CaseFolder> {
  const now = Date.now();
  const kept: Case = { schema: 1, id: uuidV7(now, randomBytes(10)), title, createdAt: nanosFromMs(now), steps: [] };
  const dir = path.join(casesRoot(dataDir), kept.id);
  await mkdir(path.join(dir, 'results'), { recursive: true });
  await saveCase({ dir, kept });
  return { dir, kept };
}

/** All cases, the newest last. */
export async function listCases(dataDir: string): Promise<CaseFolder[]> {
  const names = await readdir(casesRoot(dataDir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const cases: CaseFolder[] = [];
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const dir = path.join(casesRoot(dataDir), name);
    const text = await readFile(path.join(dir, 'case.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) cases.push({ dir, kept: parseCase(text, path.join(dir, 'case.json')) });
  }
  return cases;
}

/** The case of that id (or a part of it that only one has), the folder of that path, or the newest where nothing is named. */
export async function findCase(dataDir: string, cwd: string, reference: string | undefined): Promise<CaseFolder> {
  if (reference?.includes('/') === true) {
    const dir = path.resolve(cwd, reference);
    const file = path.join(dir, 'case.json');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new WirewatchError('WW_NOT_FOUND', 'there is no case in this folder', { where: dir, cause });
    });
    return { dir, kept: parseCase(text, file) };
  }
  const all = await listCases(dataDir);
  if (reference === undefined) {
    const newest = all[all.length - 1];
    if (newest === undefined) throw new WirewatchError('WW_NOT_FOUND', 'there is no case yet', { where: casesRoot(dataDir), remedy: 'wirewatch case new "what it is about"' });
    return newest;
  }
  const found = all.filter((c) => c.kept.id.includes(reference) || c.kept.title === reference);
  if (found.length === 1) return found[0];
  if (found.length > 1) throw new WirewatchError('WW_ARGUMENT', `${found.length} cases have ${reference} in their id`, { remedy: found.map((c) => c.kept.id).join(', ') });
  const [near] = nearestNames(reference, all.flatMap((c) => [c.kept.id, c.kept.title]));
  throw new WirewatchError('WW_NOT_FOUND', `there is no case ${reference}`, { remedy: near === undefined ? 'wirewatch case list shows them' : `did you mean ${near}?` });
}

/** Writes the case whole or not at all. */
export async function saveCase({ dir, kept }: CaseFolder): Promise<void> {
  const draft = path.join(dir, `.case.json.${process.pid}`);
  const handle = await open(draft, 'w', 0o644);
  try {
    await handle.writeFile(caseText(kept));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path.join(dir, 'case.json'));
}

/**
 * Adds a step to the case as it is on the disk; `result` is the file with what was run, and becomes the step's own.
 *
 * Shells that add at the same instant take turns, so that none loses the other's step. A crash leaves the case without the step, or
 * with it and its result.
 */
export async function addStep({ dir }: CaseFolder, draft: StepDraft, result?: string): Promise<CaseFolder> {
  return await withFileLock(path.join(dir, '.lock'), async () => {
    const file = path.join(dir, 'case.json');
    const kept = appendStep(parseCase(await readFile(file, 'utf8'), file), draft, DIGESTS);
    if (result !== undefined) await rename(result, resultFile(dir, kept.steps.length));
    await saveCase({ dir, kept });
    return { dir, kept };
  });
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Digests of the inputs as they are now; null where one is gone. Names are relative to the case. */
export async function inputsNow(dir: string, step: CaseStep): Promise<Record<string, string | null>> {
  const now: Record<string, string | null> = {};
  for (const name of Object.keys(step.inputs)) now[name] = await sha256OfFile(path.resolve(dir, name)).catch(() => null);
  return now;
}

/** The arguments with each existing file named relative to the case, and the files' digests. */
export async function relativeArguments(dir: string, cwd: string, args: readonly string[]): Promise<{ args: string[]; inputs: Record<string, string> }> {
  const inputs: Record<string, string> = {};
  const relative: string[] = [];
  for (const arg of args) {
    const file = path.resolve(cwd, arg);
    const isFile = !arg.startsWith('-') && (await stat(file).then((s) => s.isFile(), () => false));
    if (!isFile) {
      relative.push(arg);
      continue;
    }
    const name = path.relative(dir, file);
    inputs[name] = await sha256OfFile(file);
    relative.push(name);
  }
  return { args: relative, inputs };
}

export interface VerbRun {
  readonly exitCode: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly stderr: string;
}

/**
 * Runs a verb of this program with its result going to a file, in surroundings that are the same every time: case folder, UTC,
 * no colours, no terminal. `show` sees the result as it comes.
 */
export async function runVerb(dir: string, args: readonly string[], to: string, signal: AbortSignal, show?: (chunk: Buffer) => void): Promise<VerbRun> {
  const main = path.join(packageRoot(), 'src/cli/main.ts');
  const built = path.join(packageRoot(), 'dist/cli/main.js');
  const entry = await stat(main).then(() => main, () => built);
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: dir, signal, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', LANG: 'C.UTF-8', NO_COLOR: '1', COLUMNS: '200' },
  });
  const hash = createHash('sha256');
  const out = createWriteStream(to);
  let bytes = 0;
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 10_000) stderr += chunk.toString('utf8');
  });
  // An interrupted child ends with an error besides its exit; the exit code says it all.
  child.on('error', () => undefined);
  const ended = new Promise<[number | null, string | null]>((resolve) => child.on('close', (code, killed) => resolve([code, killed])));
  for await (const chunk of child.stdout) {
    const part = chunk as Buffer;
    hash.update(part);
    bytes += part.length;
    show?.(part);
    if (!out.write(part)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  const [code, killed] = await ended;
  return { exitCode: code ?? (killed === null ? EXIT.internal : INTERRUPTED), sha256: hash.digest('hex'), bytes, stderr };
}

export function resultFile(dir: string, seq: number): string {
  return path.join(dir, 'results', `${String(seq).padStart(4, '0')}.txt`);
}

/** A file for a result that is not yet kept; removed unless it is renamed. */
export async function scratchFile(dir: string): Promise<{ file: string; remove(): Promise<void> }> {
  await mkdir(path.join(dir, 'results'), { recursive: true });
  const file = path.join(dir, 'results', `.running-${process.pid}`);
  return { file, remove: async () => await rm(file, { force: true }) };
}
