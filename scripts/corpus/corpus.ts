// What answers are made of: a folder of captures, and lists of filters, expressions and fields. Nothing else may be read.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where the captures and the lists are; all but `captures` may be left out. */
export interface CorpusOptions {
  readonly captures: string;
  /** TSV whose first column names a file of `captures`, and whose column `kind` says `capture`; else every file of the folder. */
  readonly index?: string | undefined;
  readonly filters?: string | undefined;
  readonly syntax?: string | undefined;
  /** Names of captures, one a line, on which the expressions of `syntax` are counted. */
  readonly syntaxCaptures?: string | undefined;
  readonly fields?: string | undefined;
  /** Only files whose name matches. */
  readonly only?: RegExp | undefined;
}

export interface Corpus {
  /** Names as in the index, relative to the folder. */
  readonly files: readonly string[];
  readonly filters: readonly string[];
  readonly syntax: readonly string[];
  readonly syntaxCaptures: readonly string[];
  readonly fields: readonly string[];
  pathOf(file: string): string;
}

/** What scripts/answers/KIND.ts exports: the answer about one capture, in the shape that the score's README gives. */
export interface AnswerMaker {
  /** What this kind is asked about, where that is not each capture. */
  subjects?(corpus: Corpus): readonly string[];
  /** One line of the answers; undefined = nothing to say. */
  answer(corpus: Corpus, subject: string): unknown;
}

/** Lines of a list without comments. */
function listOf(file: string | undefined): string[] {
  return file === undefined ? [] : readFileSync(file, 'utf8').split('\n').filter((l) => l !== '' && !l.startsWith('#'));
}

function filesOf(options: CorpusOptions): string[] {
  if (options.index === undefined) {
    const entries = readdirSync(options.captures, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    return entries.map((e) => path.relative(options.captures, path.join(e.parentPath, e.name))).sort();
  }
  const [head, ...rows] = readFileSync(options.index, 'utf8').split('\n').filter((l) => l !== '').map((l) => l.split('\t'));
  const kind = head.indexOf('kind');
  return rows.filter((cells) => kind < 0 || cells[kind] === 'capture').map((cells) => cells[0]);
}

export function openCorpus(options: CorpusOptions): Corpus {
  return {
    files: filesOf(options).filter((f) => options.only?.test(f) ?? true),
    filters: listOf(options.filters),
    syntax: listOf(options.syntax),
    syntaxCaptures: listOf(options.syntaxCaptures),
    fields: listOf(options.fields),
    pathOf: (file) => path.join(options.captures, file),
  };
}

/** Every fourth source folder, in alphabetical order: never looked at while building, its scores are reported apart. */
export function keptApart(captures: string): ReadonlySet<string> {
  const folders = readdirSync(captures, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name).sort();
  return new Set(folders.filter((_, i) => i % 4 === 3));
}
