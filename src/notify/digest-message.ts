import { toHex } from '../base/bytes.ts';
import { plural } from '../base/text.ts';
import { formatDurationMs, isoTime, msOf, type Nanos } from '../base/time.ts';
import type { Notification, NotifiedAlert, Severity } from '../model/index.ts';
import type { DigestHost } from './outbox-state.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

/** Alerts that one message lists; further ones are counted. */
export const MAX_ALERTS = 500;

/**
 * Several undelivered messages as one, with true times.
 *
 * Of each alert the newest word counts. Messages of one group keep the newest one's subject and words; of several groups a new
 * subject says how many. Messages come in order of their making.
 */
export function mergeNotifications(messages: readonly Notification[], host: DigestHost): Notification {
  const newest = messages[messages.length - 1];
  const alerts = [...new Map(messages.flatMap((m) => m.alerts).map((a) => [a.fingerprint, a])).values()].slice(0, MAX_ALERTS);
  const firing = alerts.filter((a) => a.status === 'firing').length;
  const oneGroup = messages.every((m) => m.groupKey === newest.groupKey);
  const history = messages.map((m) => `${isoTime(m.createdAt, 0)}  ${m.subject}`).join('\n');
  const ids = messages.map((m) => m.id).join('\n');
  return {
    ...newest,
    id: toHex(host.sha256(host.encodeUtf8(`merged\n${ids}`))).slice(0, 32),
    groupKey: oneGroup ? newest.groupKey : `digest:${messages[0].groupKey.replace(/^digest:/, '')}`,
    groupLabels: oneGroup ? newest.groupLabels : {},
    status: firing > 0 ? 'firing' : 'resolved',
    severity: messages.map((m) => m.severity).reduce((a, b) => (SEVERITIES.indexOf(b) > SEVERITIES.indexOf(a) ? b : a)),
    incidentId: newest.incidentId ?? messages.find((m) => m.incidentId !== null)?.incidentId ?? null,
    link: newest.link ?? messages.find((m) => m.link !== null)?.link ?? null,
    subject: oneGroup ? newest.subject : `${newest.drill ? '[DRILL] ' : ''}${plural(alerts.length, 'alert')}, told late together: ${firing} firing, ${alerts.length - firing} resolved`,
    body: oneGroup ? `${newest.body}\nNot delivered before:\n${history}\n` : `${history}\n\n${alerts.map(line).join('\n')}\n`,
    alerts,
  };
}

/** A message that comes late says so at its top. */
export function markLate(message: Notification, now: Nanos, lateAfterMs: number): Notification {
  const late = msOf(now - message.createdAt);
  if (late < lateAfterMs) return message;
  return { ...message, body: `Delivered ${formatDurationMs(late)} late; written at ${isoTime(message.createdAt, 0)}.\n\n${message.body}` };
}

function line(a: NotifiedAlert): string {
  const what = a.annotations.summary ?? a.labels.alertname ?? a.fingerprint;
  const end = a.endsAt === null ? '' : ` until ${isoTime(a.endsAt, 0)} (${formatDurationMs(msOf(a.endsAt - a.startsAt))})`;
  return `${a.status === 'firing' ? 'FIRING' : 'RESOLVED'}  ${what}  since ${isoTime(a.startsAt, 0)}${end}`;
}
