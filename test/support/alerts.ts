import type { Nanos } from '../../src/base/time.ts';
import type { Alert } from '../../src/model/index.ts';

/** A firing alert of a check that is down; `over` replaces what matters to the test. */
export function alertOf(time: Nanos, over: Partial<Alert> = {}): Alert {
  return {
    schema: 1, fingerprint: 'aaaaaaaaaaaaaaaa', name: 'check-down', kind: 'threshold', state: 'firing', labels: { alertname: 'check-down', target: 'web', check: 'web-icmp' },
    annotations: { summary: 'No response from web (192.0.2.1).' }, severity: 'error', confidence: 1, techniques: [], activeAt: time, firedAt: time,
    resolvedAt: null, updatedAt: time, signals: 1, evidence: [], loss: null, score: {}, drill: false, ...over,
  };
}

/** The same alert, ended. */
export function resolvedAlert(alert: Alert, time: Nanos): Alert {
  return { ...alert, state: 'resolved', resolvedAt: time, updatedAt: time };
}
