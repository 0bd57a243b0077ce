import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { WirewatchError } from '../base/errors.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Severity, Signal } from '../model/index.ts';
import type { DigestHost } from './fingerprint.ts';

/** An alert as another program posts it to Alertmanager's API, its instants read. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Nanos | null;
  /** Whoever posts a firing alert gives an end ahead of now, and posts it again before; one that has passed is its resolve. */
  readonly endsAt: Nanos | null;
  readonly generatorUrl: string | null;
}

/** An alert that is posted without an end is over after this long without being posted again (Alertmanager's resolve_timeout). */
const RESOLVE_TIMEOUT = nanosFromMs(300_000);

/** The words that people use for severities, as ours. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'critical', page: 'critical', emergency: 'critical', fatal: 'critical', disaster: 'critical', error: 'error', high: 'error', major: 'error', ticket: 'error',
  warning: 'warning', warn: 'warning', minor: 'warning', medium: 'warning', info: 'info', informational: 'info', notice: 'info', low: 'info', none: 'info',
};

/**
 * The claim in a posted alert, with Alertmanager's meanings: labels are its identity, those without a value do not count, and it
 * fires until its end.
 *
 * Throws WW_ARGUMENT where there is no label, or the end lies before the beginning.
 */
export function signalOfPosted(posted: PostedAlert, now: Nanos, host: DigestHost): Signal {
  const labels = Object.fromEntries(Object.entries(posted.labels).filter(([, value]) => value !== ''));
  if (Object.keys(labels).length === 0) throw new WirewatchError('WW_ARGUMENT', 'an alert needs at least one label with a value');
  const end = posted.endsAt ?? now + RESOLVE_TIMEOUT;
  const startsAt = posted.startsAt ?? (end < now ? end : now);
  if (end < startsAt) throw new WirewatchError('WW_ARGUMENT', 'the alert ends before it begins', { where: labels.alertname ?? '' });
  const over = end <= now;
  const id = toHex(host.sha256(host.encodeUtf8(`posted\n${canonicalJson({ labels, now, over })}`))).slice(0, 32);
  return {
    schema: 1, id, kind: 'threshold', name: labels.alertname ?? 'alert', status: over ? 'resolved' : 'firing', time: over ? end : now, startsAt, labels,
    annotations: { ...posted.annotations, ...(posted.generatorUrl === null ? {} : { generator: posted.generatorUrl }) },
    severity: SEVERITIES[(labels.severity ?? '').toLowerCase()] ?? 'warning', confidence: 1, techniques: [], evidence: [], loss: null, score: {}, drill: false,
    ...(over ? {} : { expiresAt: end }),
  };
}
