import { WirewatchError } from '../base/errors.ts';
import type { Labels } from './fingerprint.ts';

export type MatchOp = '=' | '!=' | '=~' | '!~';

/** One condition on one label. A label that is missing has the empty value (Alertmanager's meaning). */
export interface Matcher {
  readonly label: string;
  readonly op: MatchOp;
  readonly value: string;
}

/** Compiles a regular expression; handed in, because the linear-time engine is a library. Throws where the pattern is not well formed. */
export type RegexEngine = (pattern: string) => { test(text: string): boolean };

export type LabelTest = (labels: Labels) => boolean;

const MATCHER = /^\s*([A-Za-z_][A-Za-z0-9_.:-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s]*))\s*$/;

/** Reads `label="value"`, `label!=value`, `label=~"re"`, `label!~"re"`. */
export function parseMatcher(text: string): Matcher {
  const found = MATCHER.exec(text);
  if (found === null) {
    throw new WirewatchError('WW_CONFIG_VALUE', `not a matcher: ${text}`, { where: text, remedy: 'Write label="value", or one of != =~ !~ in place of =.' });
  }
  const quoted = found[3]?.replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));
  return { label: found[1], op: found[2] as MatchOp, value: quoted ?? found[4] ?? '' };
}

export function formatMatcher(m: Matcher): string {
  return `${m.label}${m.op}${JSON.stringify(m.value)}`;
}

/** One test of all matchers together. Regular expressions are anchored at both ends. */
export function compileMatchers(matchers: readonly Matcher[], regex: RegexEngine): LabelTest {
  const tests = matchers.map((m) => compileOne(m, regex));
  return (labels) => tests.every((holds) => holds(labels));
}

function compileOne(m: Matcher, regex: RegexEngine): LabelTest {
  if (m.op === '=') return (labels) => (labels[m.label] ?? '') === m.value;
  if (m.op === '!=') return (labels) => (labels[m.label] ?? '') !== m.value;
  const wanted = m.op === '=~';
  let compiled: { test(text: string): boolean };
  try {
    compiled = regex(`^(?:${m.value})$`);
  } catch (cause) {
    throw new WirewatchError('WW_CONFIG_VALUE', `not a regular expression: ${m.value}`, { where: formatMatcher(m), cause });
  }
  return (labels) => compiled.test(labels[m.label] ?? '') === wanted;
}
