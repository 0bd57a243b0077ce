import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from '../base/time.ts';
import { configOf } from '../config/load-config.ts';
import { re2Engine } from '../filter/regex.ts';
import type { CheckId, TargetId } from '../model/index.ts';
import type { CheckSpec } from '../probe/check-spec.ts';
import { configuredSilences, maintainedChecks, maintenanceWindows } from './maintenance.ts';

const at = (text: string): number => Date.parse(text);

test('A recurring window keeps its local hour when the clocks change, and one that is open is there', () => {
  const loaded = configOf({ alerting: { maintenance: [{ schedule: '0 2 * * *', timezone: 'Europe/Berlin', duration: '1h', reason: 'backup', matchers: ['target="web"'] }] } }, {});
  const starts = (now: string): string[] => maintenanceWindows(loaded, at(now)).map((w) => isoTime(w.startsAt, 0));
  assert.deepEqual(starts('2026-10-24T00:30:00Z'), ['2026-10-24T00:00:00Z', '2026-10-25T00:00:00Z', '2026-10-26T01:00:00Z'].filter((s) => at(s) <= at('2026-10-26T00:30:00Z')));
  assert.deepEqual(starts('2026-10-26T00:30:00Z').slice(0, 1), ['2026-10-26T01:00:00Z']);
  const [window] = maintenanceWindows(loaded, at('2026-10-24T00:30:00Z'));
  assert.deepEqual([window.reason, window.matchers, isoTime(window.endsAt, 0)], ['backup', [{ label: 'target', op: '=', value: 'web' }], '2026-10-24T01:00:00Z']);
});

test('Silences of the configuration have the same id at every start, and end', () => {
  const loaded = configOf({ alerting: { silences: [{ matchers: ['a="b"'], from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00+01:00', comment: 'move' }] } }, {});
  const [first] = configuredSilences(loaded, 0n);
  assert.deepEqual(configuredSilences(loaded, 0n)[0].id, first.id);
  assert.equal(isoTime(first.endsAt, 0), '2026-01-01T23:00:00Z');
  assert.deepEqual(configuredSilences(loaded, first.endsAt), []);
});

test('A window is about the checks whose labels match', () => {
  const check = (id: string, labels: Record<string, string>): CheckSpec => ({
    id: `${id}/icmp` as CheckId, targetId: id as TargetId, probe: 'icmp', options: {}, address: '2001:db8::1', family: 'any', intervalMs: 1000, timeoutMs: 500,
    thresholds: { loss: 1, lossRounds: 1, latencyOf: 'median' }, hysteresis: { failAfter: 1, recoverAfter: 1, recheckIntervalMs: 1000 }, parents: [], labels, trace: false,
  });
  const loaded = configOf({ alerting: { maintenance: [{ schedule: '0 2 * * *', timezone: 'UTC', duration: '1h', reason: 'backup', matchers: ['site="lab"'] }] } }, {});
  const plans = maintainedChecks(maintenanceWindows(loaded, at('2026-07-01T02:10:00Z')), [check('a', { site: 'lab' }), check('b', { site: 'office' })], (p) => re2Engine.compile(p));
  assert.deepEqual(plans[0].checks, ['a/icmp']);
});
