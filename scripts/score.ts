// `npm run score [KIND...] [-- --only REGEX]`: answers about the shared corpus, scored against the field's own tools. Never part of
// `npm test`: the corpus stands beside the checkout (../shared), is not ours to commit, and may be missing.
//
// Every kind is scored three times: whole, over the source folders that may be looked at while building, and over every fourth
// folder, which is kept apart.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { answerKinds, writeAnswers } from './corpus-answers.ts';
import { keptApart, openCorpus } from './corpus/corpus.ts';
import { cutTruth, readJsonLines } from './corpus/truth.ts';

const root = path.resolve(import.meta.dirname, '..');
const shared = process.env.WIREWATCH_SHARED ?? path.resolve(root, '../shared');
const outDir = path.join(root, 'var/score');
/** Kinds that the second scorer knows; all others are the first one's. */
const SECOND_SCORER = new Set(['conn', 'communityid', 'ja4', 'syntax', 'threats', 'nab']);

interface Scored {
  readonly items: number;
  readonly right: number;
  readonly score: number | null;
  readonly macro?: number | null;
}

/** Kinds whose truth speaks of some captures alone: what is said of others would count as wrong. */
const ONLY: Readonly<Record<string, RegExp>> = { communityid: /community-id-spec/ };

/** One run of a scorer: its figures, and its worst groups as text. */
function runScorer(kind: string, truth: string): { scored: Scored | undefined; worst: string } {
  const scorer = path.join(shared, 'score', SECOND_SCORER.has(kind) ? 'score_more.py' : 'score.py');
  const run = spawnSync('python3', [scorer, kind, truth, path.join(outDir, `${kind}.jsonl`)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const [first, ...worst] = run.stdout.split('\n');
  if (!first.startsWith('{')) return { scored: undefined, worst: `${run.stdout}${run.stderr}` };
  return { scored: JSON.parse(first) as Scored, worst: worst.join('\n') };
}

function figure(s: Scored | undefined): string {
  if (s === undefined || s.items === 0) return '-'.padEnd(24);
  const macro = typeof s.macro === 'number' ? ` macro ${s.macro.toFixed(4)}` : '';
  return `${(s.right / s.items).toFixed(4)}${macro}`.padEnd(24);
}

/** The syntax truth's first line names the captures on which expressions are counted. */
function syntaxCaptures(truth: string): string {
  const file = path.join(outDir, 'syntax-captures.txt');
  writeFileSync(file, (readJsonLines(truth)[0].captures as string[]).join('\n'));
  return file;
}

async function main(): Promise<void> {
  const corpusDir = path.join(shared, 'corpus');
  if (!existsSync(corpusDir)) {
    process.stderr.write(`no corpus at ${shared}: set WIREWATCH_SHARED to the folder that holds corpus/ and score/\n`);
    process.exit(2);
  }
  const args = process.argv.slice(2);
  const only = args.includes('--only') ? args.splice(args.indexOf('--only'), 2)[1] : undefined;
  const captures = path.join(corpusDir, 'captures');
  const apart = keptApart(captures);
  const cuts = [path.join(outDir, 'truth'), path.join(outDir, 'truth-kept-apart')] as const;
  cutTruth(path.join(corpusDir, 'truth'), cuts[0], (folder) => !apart.has(folder));
  cutTruth(path.join(corpusDir, 'truth'), cuts[1], (folder) => apart.has(folder));
  const corpus = openCorpus({
    captures, index: path.join(corpusDir, 'captures.tsv'), filters: path.join(corpusDir, 'lists/filters.txt'), syntax: path.join(corpusDir, 'lists/filters-syntax.txt'),
    syntaxCaptures: syntaxCaptures(path.join(corpusDir, 'truth/syntax.jsonl')), fields: path.join(corpusDir, 'lists/fields.txt'), only: only === undefined ? undefined : new RegExp(only),
  });
  const known = answerKinds();
  const kinds = args.length > 0 ? args : known;
  const table: string[] = [];
  for (const kind of kinds) {
    await writeAnswers(kind, { ...corpus, files: corpus.files.filter((f) => ONLY[kind]?.test(f) ?? true) }, outDir);
    const whole = runScorer(kind, path.join(corpusDir, 'truth'));
    const [seen, unseen] = cuts.map((truth) => runScorer(kind, truth));
    process.stdout.write(`\n${kind}: worst groups of the folders that may be looked at\n${seen.worst}`);
    table.push(`${kind.padEnd(12)} ${figure(whole.scored)} ${figure(seen.scored)} ${figure(unseen.scored)}`);
  }
  process.stdout.write(`\n${'kind'.padEnd(12)} ${'all'.padEnd(24)} ${'looked at'.padEnd(24)} kept apart\n${table.join('\n')}\n`);
}

await main();
