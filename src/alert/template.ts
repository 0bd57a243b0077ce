import { formatDurationMs, isoTime, msOf, type Nanos } from '../base/time.ts';
import type { NotifiedAlert, Severity } from '../model/index.ts';

/** Text for one kind of message: the first rule that fits is used. */
export interface TemplateRule {
  /** Alert names that it is for; left out = all. */
  readonly alertnames?: readonly string[] | undefined;
  readonly status?: 'firing' | 'resolved' | undefined;
  /**
   * `{{name}}` is replaced by a label, an annotation, or one of status, severity, count, firing, resolved,
   * incident, link, starts, ends, duration, summary, alerts; unknown ones by nothing.
   */
  readonly subject: string;
  readonly body: string;
}

/** What a group's message is about. */
export interface MessageSubject {
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly alerts: readonly NotifiedAlert[];
  readonly incidentId: string | null;
  readonly link: string | null;
  readonly drill: boolean;
}

const DEFAULT: TemplateRule = {
  subject: '[{{status}}] {{summary}}',
  body: '{{alerts}}',
};

/** Subject and body of a message. A drill is always marked, whatever the template says. */
export function renderMessage(rules: readonly TemplateRule[], subject: MessageSubject): { subject: string; body: string } {
  const name = common(subject.alerts.map((a) => a.labels)).alertname;
  const rule =
    rules.find((r) => (r.status ?? subject.status) === subject.status && (r.alertnames === undefined || (name !== undefined && r.alertnames.includes(name)))) ?? DEFAULT;
  const words = wordsOf(subject, name);
  const line = fill(rule.subject, words).replace(/\s+/g, ' ').trim();
  return {
    subject: subject.drill && !line.startsWith('[DRILL]') ? `[DRILL] ${line}` : line,
    body: `${subject.drill ? 'This is a drill.\n\n' : ''}${fill(rule.body, words).trimEnd()}\n`,
  };
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/g, (_all, name: string) => words[name] ?? '');
}

function wordsOf(s: MessageSubject, name: string | undefined): Record<string, string> {
  const firing = s.alerts.filter((a) => a.status === 'firing').length;
  const starts = s.alerts.map((a) => a.startsAt).reduce((a, b) => (b < a ? b : a), s.alerts[0]?.startsAt ?? 0n);
  const ended = s.alerts.map((a) => a.endsAt).filter((t): t is Nanos => t !== null);
  const ends = s.status === 'resolved' && ended.length > 0 ? ended.reduce((a, b) => (b > a ? b : a)) : null;
  const labels = common(s.alerts.map((a) => a.labels));
  const annotations = common(s.alerts.map((a) => a.annotations));
  const words: Record<string, string> = {
    ...annotations,
    ...labels,
    status: s.status === 'firing' ? 'FIRING' : 'RESOLVED',
    severity: s.severity,
    count: String(s.alerts.length),
    firing: String(firing),
    resolved: String(s.alerts.length - firing),
    incident: s.incidentId ?? '',
    link: s.link ?? '',
    starts: isoTime(starts, 0),
    ends: ends === null ? '' : isoTime(ends, 0),
    duration: ends === null ? '' : formatDurationMs(msOf(ends - starts)),
  };
  const subject = labels.name ?? labels.target ?? labels.src ?? '';
  const oneOf = `${name ?? 'alerts'}${subject === '' ? '' : ` ${subject}`}`;
  words.summary = s.alerts.length === 1 ? (annotations.summary ?? oneOf) : `${s.alerts.length} x ${oneOf}`;
  words.alerts = [...s.alerts.map(describe), ...(s.link === null ? [] : [`\nIncident: ${s.link}`])].join('\n');
  return words;
}

function describe(a: NotifiedAlert): string {
  const what = a.annotations.description ?? a.annotations.summary ?? a.labels.alertname ?? a.fingerprint;
  const labels = Object.entries(a.labels).map(([k, v]) => `${k}=${v}`).join(' ');
  const end = a.endsAt === null ? '' : `, until ${isoTime(a.endsAt, 0)} (${formatDurationMs(msOf(a.endsAt - a.startsAt))})`;
  return `${a.status === 'firing' ? 'FIRING' : 'RESOLVED'}: ${what}\n  since ${isoTime(a.startsAt, 0)}${end}\n  ${labels}`;
}

/** The entries that all records share. */
export function common(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  if (records.length === 0) return {};
  return Object.fromEntries(Object.entries(records[0]).filter(([k, v]) => records.every((r) => r[k] === v)));
}
