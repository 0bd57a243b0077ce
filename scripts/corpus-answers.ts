// `node scripts/corpus-answers.ts --captures DIR --out DIR [options]`: what this program says of a folder of captures, one JSON
// line a capture and one file a kind (`DIR/meta.jsonl`). The kinds are the files of scripts/answers. An answer comes from the capture
// and the lists alone; a capture that cannot be read is named on stderr, and the run goes on.
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type AnswerMaker, type Corpus, openCorpus } from './corpus/corpus.ts';

const HELP = `usage: node scripts/corpus-answers.ts --captures DIR --out DIR [options]
  --captures DIR          folder of captures
  --index FILE.tsv        which of its files are captures (column 1, column "kind"); else every file
  --filters FILE          display filters, one a line            (kind filters)
  --syntax FILE           expressions to accept or to refuse     (kind syntax)
  --syntax-captures FILE  captures on which these are counted    (kind syntax)
  --fields FILE           names of fields                        (kind fields)
  --kinds a,b,c           some kinds alone; else all
  --only REGEX            captures whose name matches
  --out DIR               where KIND.jsonl is written
`;

/** The kinds that can be answered: the files of scripts/answers. */
export function answerKinds(): string[] {
  return readdirSync(path.join(import.meta.dirname, 'answers')).filter((f) => f.endsWith('.ts')).map((f) => f.slice(0, -3));
}

/** Writes `KIND.jsonl` into `outDir`; what goes wrong with one subject is told on stderr. */
export async function writeAnswers(kind: string, corpus: Corpus, outDir: string): Promise<void> {
  const maker = (await import(path.join(import.meta.dirname, 'answers', `${kind}.ts`)) as { default: AnswerMaker }).default;
  mkdirSync(outDir, { recursive: true });
  const out = createWriteStream(path.join(outDir, `${kind}.jsonl`));
  const subjects = maker.subjects?.(corpus) ?? corpus.files;
  const started = process.cpuUsage();
  let failed = 0;
  for (const subject of subjects) {
    try {
      const answer = maker.answer(corpus, subject);
      if (answer !== undefined && !out.write(`${JSON.stringify(answer)}\n`)) await once(out, 'drain');
    } catch (error) {
      failed++;
      process.stderr.write(`${kind} ${subject}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
  }
  await new Promise<void>((done) => out.end(done));
  const cpu = process.cpuUsage(started);
  process.stderr.write(`${kind}: ${subjects.length} asked, ${failed} without answer, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} CPU s\n`);
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { captures: text, index: text, filters: text, syntax: text, 'syntax-captures': text, fields: text, kinds: text, only: text, out: text, help: { type: 'boolean' } },
  });
  if (values.help === true || values.captures === undefined || values.out === undefined) {
    process.stderr.write(HELP);
    process.exit(values.help === true ? 0 : 2);
  }
  const known = answerKinds();
  const kinds = values.kinds?.split(',') ?? known;
  const strange = kinds.filter((k) => !known.includes(k));
  if (strange.length > 0) {
    process.stderr.write(`no kind ${strange.join(', ')}: the kinds are ${known.join(', ')}\n`);
    process.exit(2);
  }
  const corpus = openCorpus({
    captures: values.captures, index: values.index, filters: values.filters, syntax: values.syntax, syntaxCaptures: values['syntax-captures'], fields: values.fields,
    only: values.only === undefined ? undefined : new RegExp(values.only),
  });
  for (const kind of kinds) await writeAnswers(kind, corpus, values.out);
}

if (process.argv[1] === import.meta.filename) await main();
