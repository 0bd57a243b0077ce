import type { Nanos } from '../../src/base/time.ts';
import type { NotifiedAlert, Notification } from '../../src/model/index.ts';

/** One alert of a message. */
export function notifiedAlert(fingerprint: string, startsAt: Nanos, endsAt: Nanos | null = null): NotifiedAlert {
  return {
    fingerprint, status: endsAt === null ? 'firing' : 'resolved', labels: { alertname: 'check-down', target: fingerprint, ip: '2001:db8::7' },
    annotations: { summary: `No response from ${fingerprint} (192.0.2.1) & <more>.` }, startsAt, endsAt,
  };
}

/** A message of one group; firing where any of its alerts is. */
export function notificationOf(id: string, createdAt: Nanos, alerts: readonly NotifiedAlert[], over: Partial<Notification> = {}): Notification {
  const firing = alerts.some((a) => a.status === 'firing');
  return {
    schema: 1, id, groupKey: `ops/0{}:{"target":"${alerts[0].fingerprint}"}`, groupLabels: { target: alerts[0].fingerprint }, receiver: 'ops', reason: firing ? 'first' : 'resolved',
    status: firing ? 'firing' : 'resolved', severity: 'critical', subject: `Network Alert: ${alerts[0].fingerprint} ${firing ? 'Down' : 'Recovered'}`,
    body: `No response from ${alerts[0].fingerprint} (192.0.2.1) & <more>.\nZweite Zeile: Prüfung.\n`, incidentId: 'inc-1', link: 'http://127.0.0.1:8080/incidents/inc-1',
    alerts, createdAt, drill: false, ...over,
  };
}
