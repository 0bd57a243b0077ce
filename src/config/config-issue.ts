import type { z } from 'zod';
import { WirewatchError } from '../base/errors.ts';
import { nearestNames } from '../base/nearest.ts';
import type { KeyPath, Place, SourceMap } from './source-map.ts';

/** One mistake in a configuration, told so that it can be mended. */
export interface ConfigIssue {
  /** `targets[0].checks[1].interval`; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
  readonly place: Place | undefined;
  readonly remedy: string | undefined;
}

/** Writes a path of keys as people do. */
export function formatKey(path: KeyPath): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}

/** Names that a schema knows below a path, for suggestions. */
export type KnownKeys = (path: KeyPath) => readonly string[];

/** Turns what zod found into issues with places; every unknown key is an issue of its own. */
export function issuesOf(error: z.ZodError, source: SourceMap, knownKeys: KnownKeys): ConfigIssue[] {
  const issues = error.issues.flatMap((issue): ConfigIssue[] => {
    const path = issue.path.filter((p): p is string | number => typeof p !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(path, key, source, knownKeys(path)));
    }
    if (issue.code === 'invalid_key') {
      const inner = issue.issues[0]?.message ?? issue.message;
      const key = String(path.at(-1));
      return [{ key: formatKey(path), message: inner, place: source.placeOfKey(path.slice(0, -1), key), remedy: undefined }];
    }
    return [{ key: formatKey(path), message: messageOf(issue), place: source.placeOf(path), remedy: undefined }];
  });
  return issues;
}

/** In the order of the file. */
export function inFileOrder(issues: readonly ConfigIssue[]): ConfigIssue[] {
  return [...issues].sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0));
}

export function unknownKey(path: KeyPath, key: string, source: SourceMap, known: readonly string[]): ConfigIssue {
  const [nearest] = nearestNames(key, known);
  return {
    key: formatKey([...path, key]),
    message: `there is no key "${key}"${path.length === 0 ? '' : ` in ${formatKey(path)}`}`,
    place: source.placeOfKey(path, key),
    remedy: nearest === undefined ? (known.length === 0 ? undefined : `known: ${[...known].sort().join(', ')}`) : `did you mean "${nearest}"?`,
  };
}

type ZodIssue = z.ZodError['issues'][number];

function messageOf(issue: ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'this key is required' : `expected ${article(issue.expected)}${received(issue.message)}`;
    case 'invalid_value': {
      if (issue.values.length === 1) return `expected ${JSON.stringify(issue.values[0])}`;
      const [nearest] = nearestNames(typeof issue.input === 'string' ? issue.input : '', issue.values.map(String));
      return `expected one of ${issue.values.map((v) => JSON.stringify(v)).join(', ')}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
    }
    case 'invalid_union':
      return 'expected a secret as {file: path}, {env: NAME} or {credential: NAME}; the value itself is never written in the configuration';
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : ''}`;
    default:
      return issue.message;
  }
}

function article(expected: string): string {
  const names: Readonly<Record<string, string>> = { object: 'a section', record: 'a section', array: 'a list', string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' };
  return names[expected] ?? expected;
}

function received(message: string): string {
  const found = /received (\w+)/.exec(message);
  return found === null ? '' : `, found ${article(found[1]) === found[1] ? found[1] : article(found[1])}`;
}

/** `FILE:line:column: key: message (remedy)`, one a line. */
export function formatIssue(file: string, issue: ConfigIssue): string {
  const place = issue.place === undefined ? '' : `:${issue.place.line}:${issue.place.column}`;
  return `${file}${place}: ${issue.key === '' ? '' : `${issue.key}: `}${issue.message}${issue.remedy === undefined ? '' : ` (${issue.remedy})`}`;
}

/** All mistakes of a file as one error. */
export class ConfigError extends WirewatchError {
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  constructor(file: string, issues: readonly ConfigIssue[], kind: 'syntax' | 'value') {
    const count = issues.length === 1 ? 'one mistake' : `${issues.length} mistakes`;
    super(kind === 'syntax' ? 'WW_CONFIG_FILE' : 'WW_CONFIG_VALUE', `the configuration has ${count}`, {
      where: `\n${inFileOrder(issues).map((i) => `  ${formatIssue(file, i)}`).join('\n')}`.slice(1),
      remedy: 'mend the lines above; `wirewatch config check FILE` looks again, `wirewatch config explain KEY` says what a key takes',
    });
    this.file = file;
    this.issues = inFileOrder(issues);
  }
}
