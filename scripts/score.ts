// `npm run score [KIND...]`: answers about the shared corpus, scored against the field's own tools. Never part of `npm test`:
// the corpus stands beside the checkout (../shared), is not ours to commit, and may be missing.
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What scripts/answers/KIND.ts exports: the answer about one capture, in the shape that the score's README gives. */
export interface AnswerMaker {
  /** Which scorer knows the kind. */
  readonly scorer: 'score.py' | 'score_more.py';
  /** Captures that this kind is asked about; all where it is left out. */
  files?(corpus: string): readonly string[];
  answer(corpus: string, file: string): unknown;
}

const root = path.resolve(import.meta.dirname, '..');
const shared = process.env.WIREWATCH_SHARED ?? path.resolve(root, '../shared');

function captures(corpus: string): string[] {
  return readFileSync(path.join(corpus, 'captures.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((cells) => cells[6] === 'capture')
    .map((cells) => cells[0]);
}

async function scoreKind(kind: string): Promise<void> {
  const corpus = path.join(shared, 'corpus');
  const maker = (await import(path.join(root, 'scripts/answers', `${kind}.ts`))).default as AnswerMaker;
  const outDir = path.join(root, 'var/score');
  mkdirSync(outDir, { recursive: true });
  const outFile = path.join(outDir, `${kind}.jsonl`);
  const out = createWriteStream(outFile);
  const files = maker.files?.(corpus) ?? captures(corpus);
  const started = process.cpuUsage();
  let failed = 0;
  for (const [i, file] of files.entries()) {
    try {
      const answer = maker.answer(corpus, file);
      if (answer !== undefined) out.write(`${JSON.stringify(answer)}\n`);
    } catch (error) {
      failed++;
      process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    if (process.stderr.isTTY && i % 50 === 0) process.stderr.write(`\r${kind} ${i}/${files.length}`);
  }
  await new Promise<void>((done) => out.end(done));
  const cpu = process.cpuUsage(started);
  process.stderr.write(`${kind}: ${files.length} captures, ${failed} without answer, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} CPU s\n`);
  const run = spawnSync('python3', [path.join(shared, 'score', maker.scorer), kind, path.join(corpus, 'truth'), outFile], { encoding: 'utf8', maxBuffer: 1 << 26 });
  process.stdout.write(`${run.stdout}${run.stderr}`);
}

if (!existsSync(path.join(shared, 'corpus'))) {
  process.stderr.write(`no corpus at ${shared}: set WIREWATCH_SHARED to the folder that holds corpus/ and score/\n`);
  process.exit(2);
}
const known = readdirSync(path.join(root, 'scripts/answers')).filter((f) => f.endsWith('.ts')).map((f) => f.slice(0, -3));
const kinds = process.argv.slice(2).filter((a) => !a.startsWith('-'));
for (const kind of kinds.length > 0 ? kinds : known) await scoreKind(kind);
