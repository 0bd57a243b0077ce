import { msOf, type Nanos } from '../base/time.ts';
import { WirewatchError } from '../base/errors.ts';
import type { Alert } from '../model/index.ts';
import type { Labels } from './fingerprint.ts';
import { compileMatchers, type LabelTest, type Matcher, type RegexEngine } from './matcher.ts';

/** Keeps notifications of matching alerts back for a while; alerts go on, and their resolves are told. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: Nanos;
  /** Exclusive. */
  readonly endsAt: Nanos;
  readonly createdBy: string;
  readonly comment: string;
}

/** A maintenance window; the caller expands recurring ones (time zones, DST) into windows with ends. No matchers = everything. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: Nanos;
  readonly endsAt: Nanos;
  readonly reason: string;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export function silenceState(silence: Pick<Silence, 'startsAt' | 'endsAt'>, now: Nanos): SilenceState {
  return now < silence.startsAt ? 'pending' : now < silence.endsAt ? 'active' : 'expired';
}

/** Refuses a silence that would match everything, has no end after its beginning, or no author. */
export function checkSilence(silence: Silence): void {
  const refuse = (message: string, remedy: string): never => {
    throw new WirewatchError('WW_ARGUMENT', message, { where: `silence ${silence.id}`, remedy });
  };
  if (silence.matchers.length === 0) refuse('a silence needs a matcher', 'Give at least one matcher, such as target="web".');
  // A label that is missing is the empty value: a silence of which every matcher takes "" would silence the world.
  if (silence.matchers.every((m) => m.op === '=' && m.value === '')) refuse('every matcher of the silence takes the empty value', 'Name a value.');
  if (silence.endsAt <= silence.startsAt) refuse('the silence ends before it starts', `It would have lasted ${msOf(silence.endsAt - silence.startsAt)} ms.`);
  if (silence.createdBy === '') refuse('the silence has no author', 'Say who makes it.');
}

/** A source that is firing keeps targets quiet whose `equal` labels have the same values. */
export interface InhibitRule {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

export interface CompiledInhibitRule {
  readonly source: LabelTest;
  readonly target: LabelTest;
  readonly equal: readonly string[];
}

export function compileInhibitRules(rules: readonly InhibitRule[], regex: RegexEngine): CompiledInhibitRule[] {
  return rules.map((r) => ({ source: compileMatchers(r.source, regex), target: compileMatchers(r.target, regex), equal: r.equal }));
}

export interface Labelled {
  readonly fingerprint: string;
  readonly labels: Labels;
}

/** Sources of one rule by the values of its `equal` labels: a list for each key, for one source may be barred where the next is not. */
export type InhibitIndex = readonly { readonly rule: CompiledInhibitRule; readonly sources: ReadonlyMap<string, readonly Labelled[]> }[];

export function indexInhibitors(rules: readonly CompiledInhibitRule[], firing: readonly Labelled[]): InhibitIndex {
  return rules.map((rule) => {
    const sources = new Map<string, Labelled[]>();
    for (const alert of firing) {
      if (!rule.source(alert.labels)) continue;
      const key = equalKey(rule.equal, alert.labels);
      const list = sources.get(key);
      if (list === undefined) sources.set(key, [alert]);
      else list.push(alert);
    }
    return { rule, sources };
  });
}

/**
 * The firing alert that inhibits this one, if any.
 *
 * A missing label equals the empty one, so labels that both lack are equal. What matches both sides of a rule is not inhibited by
 * another that matches both sides (two would silence each other); a source that matches one side only still counts.
 */
export function findInhibitor(index: InhibitIndex, alert: Labelled): string | undefined {
  for (const { rule, sources } of index) {
    if (!rule.target(alert.labels)) continue;
    const twoSided = rule.source(alert.labels);
    const found = sources
      .get(equalKey(rule.equal, alert.labels))
      ?.find((s) => s.fingerprint !== alert.fingerprint && !(twoSided && rule.target(s.labels)));
    if (found !== undefined) return found.fingerprint;
  }
  return undefined;
}

function equalKey(equal: readonly string[], labels: Labels): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''));
}

/** Compiles matchers of silences and windows once each; the cache is bounded by what exists. */
export class MuteMatcher {
  readonly #regex: RegexEngine;
  #tests = new WeakMap<readonly Matcher[], LabelTest>();

  constructor(regex: RegexEngine) {
    this.#regex = regex;
  }

  matches(matchers: readonly Matcher[], labels: Labels): boolean {
    let compiled = this.#tests.get(matchers);
    if (compiled === undefined) {
      compiled = compileMatchers(matchers, this.#regex);
      this.#tests.set(matchers, compiled);
    }
    return compiled(labels);
  }
}

/** Labels that matchers see: the alert's own, with severity, kind and drill where it has no label of that name. */
export function matchLabels(alert: Pick<Alert, 'labels' | 'severity' | 'kind' | 'drill' | 'name'>): Labels {
  return { alertname: alert.name, severity: alert.severity, kind: alert.kind, ...(alert.drill ? { drill: 'true' } : {}), ...alert.labels };
}
