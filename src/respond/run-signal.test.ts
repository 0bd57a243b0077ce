import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import type { ActionRun, Alert, RunState } from '../model/index.ts';
import { failureOver, signalOfRun } from './run-signal.ts';

function runOf(state: RunState, over: Partial<ActionRun> = {}): ActionRun {
  return {
    schema: 1, id: 'r1', state, reason: 'verify_failed', log: [{ time: at(1), text: `${state}: the check is DOWN` }], approvedBy: null, startedAt: null, endedAt: null,
    plan: {
      schema: 1, id: 'p1', action: 'run-command', incidentId: 'inc-1', subject: 'web', steps: ['Restart the service.'], impact: 'high', options: {}, facts: {}, revertable: true,
      verifyCheckId: 'web-icmp', createdAt: at(0), drill: false,
    }, ...over,
  };
}

const told = (state: RunState, over: Partial<ActionRun> = {}): string | undefined => {
  const s = signalOfRun(runOf(state, over), at(2), digestHost);
  return s === undefined ? undefined : `${s.name} ${s.status} ${s.severity}`;
};

test('a run that waits, and one that did not help, are told; both end', () => {
  assert.equal(told('waiting_approval'), 'action-approval firing warning');
  assert.equal(told('approved', { approvedBy: 'ann' }), 'action-approval resolved warning');
  assert.equal(told('refused', { approvedBy: 'ann' }), 'action-approval resolved warning');
  assert.equal(told('rejected'), 'action-approval resolved warning');
  assert.equal(told('reverted'), 'action-failed firing error');
  assert.equal(told('revert_failed'), 'action-failed firing critical');
  assert.equal(told('succeeded'), 'action-failed resolved error');
  for (const state of ['planned', 'executing', 'verifying', 'reverting', 'interrupted', 'refused'] as const) assert.equal(told(state), undefined);
});

test('both edges have the same identity, and say what to know', () => {
  const waiting = signalOfRun(runOf('waiting_approval'), at(2), digestHost);
  const approved = signalOfRun(runOf('approved', { approvedBy: 'ann' }), at(3), digestHost);
  assert.deepEqual(waiting?.labels, approved?.labels);
  assert.notEqual(waiting?.id, approved?.id);
  assert.match(waiting?.annotations.summary ?? '', /waits for approval: Restart the service\./);
});

test('a failed action\'s alert ends with the outage; one that could not be undone stays for a person', () => {
  const failed = signalOfRun(runOf('failed'), at(2), digestHost);
  assert.ok(failed);
  const alert: Alert = {
    ...failed, fingerprint: '00', state: 'firing', activeAt: at(2), firedAt: at(2), resolvedAt: null, updatedAt: at(2), signals: 1, annotations: { ...failed.annotations },
  };
  const end = failureOver(alert, at(9), digestHost);
  assert.deepEqual([end?.name, end?.status, end?.labels], ['action-failed', 'resolved', failed.labels]);
  assert.equal(failureOver({ ...alert, severity: 'critical' }, at(9), digestHost), undefined);
  assert.equal(failureOver({ ...alert, name: 'check-down' }, at(9), digestHost), undefined);
  assert.equal(failureOver({ ...alert, state: 'resolved' }, at(9), digestHost), undefined);
});
