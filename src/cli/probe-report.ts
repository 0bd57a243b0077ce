import { createHash } from 'node:crypto';
import { formatDurationMs } from '../base/time.ts';
import type { ProbeOutcome } from '../probe/define-probe.ts';

/** One run of a probe, whole: what was asked, how it went and what was found. */
export interface ProbeRun {
  readonly probe: string;
  readonly target: string;
  readonly family: string;
  readonly timeoutMs: number;
  /** ISO time of its beginning. */
  readonly startedAt: string;
  /** Options in force, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What it did, with milliseconds since the beginning. */
  readonly log: readonly { readonly ms: number; readonly text: string }[];
  readonly outcome: ProbeOutcome;
}

/** Options whose values may be secrets: they are said to be there, not what they are. */
const SECRET: ReadonlySet<string> = new Set(['body', 'community', 'headers', 'key', 'send', 'sendHex']);
const HIDDEN = '***';

/** The options as they may be shown: no credentials, no password and no query of a URL. */
export function shownOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hide = (name: string, value: unknown): unknown => {
    if (name === 'url' && typeof value === 'string') {
      const url = URL.parse(value);
      return url === null ? HIDDEN : `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : `?${HIDDEN}`}`;
    }
    if (!SECRET.has(name) || value === undefined || value === '') return value;
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.keys(value).map((k) => [k, HIDDEN])) : HIDDEN;
  };
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, hide(name, value)]));
}

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(3)} ms`;
const percent = (share: number): string => (100 * share).toFixed(1);

/** What measurements say beside times, in words. */
const SENTENCES: readonly [name: string, say: (value: number, run: ProbeRun) => string][] = [
  ['mos', (v, { outcome }) => `call quality MOS ${v.toFixed(2)} (R ${outcome.measurements.r_factor?.toFixed(1)})`],
  ['offset_seconds', (v) => `this clock is ${ms(Math.abs(v))} ${v >= 0 ? 'behind' : 'ahead'}`],
  ['stratum', (v) => `stratum ${v}`],
  ['throughput_bits_per_second', (v) => `${(v / 1e6).toFixed(2)} Mbit/s`],
  ['cert_expiry_seconds', (v, { outcome }) => `certificate ends in ${formatDurationMs(v * 1000)} (${outcome.notes.certificate_until})`],
  ['beat_age_seconds', (v) => `last beat ${v.toFixed(1)} s ago`],
];

/** The result in a few lines. */
export function shortReport(run: ProbeRun): string {
  const { outcome, probe, target } = run;
  const m = outcome.measurements;
  const where = outcome.notes.address === undefined || outcome.notes.address === target ? '' : ` (${outcome.notes.address})`;
  const lines = [`${probe} ${target}${where}: ${outcome.ok ? 'ok' : `failed, ${outcome.failure?.class}: ${outcome.failure?.message}`}`];
  if (outcome.sent > 1 || probe === 'icmp') {
    lines.push(`  ${outcome.received} of ${outcome.sent} answered, ${(100 * (m.loss_ratio ?? 0)).toFixed(0)} % lost (95 % interval ${percent(m.loss_low_ratio ?? 0)} to ${percent(m.loss_high_ratio ?? 1)} %)`);
    if (outcome.received > 0 && m.rtt_min_seconds !== undefined) {
      const variation = m.jitter_seconds === undefined ? '' : `, jitter ${ms(m.jitter_seconds)}`;
      lines.push(`  rtt min ${ms(m.rtt_min_seconds)}, median ${ms(m.rtt_median_seconds)}, average ${ms(m.rtt_average_seconds)}, p95 ${ms(m.rtt_p95_seconds)}, max ${ms(m.rtt_max_seconds)}${variation}`);
    }
  } else if (outcome.received > 0) {
    const phases = (['dns', 'connect', 'tls', 'banner', 'ttfb', 'body', 'total'] as const).filter((p) => m[`${p}_seconds`] !== undefined).map((p) => `${p} ${ms(m[`${p}_seconds`])}`);
    if (phases.length > 1) lines.push(`  ${phases.join(', ')}`);
    else if (m.rtt_median_seconds !== undefined) lines.push(`  answered after ${ms(m.rtt_median_seconds)}`);
  }
  for (const [name, say] of SENTENCES) if (m[name] !== undefined) lines.push(`  ${say(m[name], run)}`);
  return `${lines.join('\n')}\n`;
}

/** The whole run as one JSON object, with the digest under which it can be kept as evidence. */
export function wholeRun(run: ProbeRun): Record<string, unknown> {
  const { outcome, ...asked } = run;
  const record = { ...asked, options: shownOptions(run.options), ...outcome };
  return { ...record, sha256: createHash('sha256').update(JSON.stringify(record)).digest('hex') };
}

/** The whole run in sections, for people. */
export function longReport(run: ProbeRun): string {
  const { outcome } = run;
  const section = (title: string, lines: readonly string[]): string => `\n${title}\n${(lines.length > 0 ? lines : ['(nothing)']).map((l) => `  ${l}\n`).join('')}`;
  const asked = { target: run.target, family: run.family, timeout: `${run.timeoutMs} ms`, started: run.startedAt };
  return [
    section('asked', Object.entries(asked).map(([k, v]) => `${k}: ${v}`)),
    section('effective options', Object.entries(shownOptions(run.options)).filter(([, v]) => v !== undefined).map(([k, v]) => `${k}: ${JSON.stringify(v)}`)),
    section('log', run.log.map((l) => `${l.ms.toFixed(1).padStart(9)} ms  ${l.text}`)),
    section('samples, milliseconds in order of sending', [outcome.rttNs.map((r) => (r === null ? 'lost' : (r / 1e6).toFixed(3))).join(' ')]),
    section('measurements', Object.entries(outcome.measurements).map(([k, v]) => `${k}: ${v}`)),
    section('evidence', [...Object.entries(outcome.notes).filter(([, v]) => v !== '').map(([k, v]) => `${k}: ${v}`), `sha256 of the run: ${wholeRun(run).sha256 as string}`]),
  ].join('');
}
