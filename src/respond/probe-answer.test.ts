import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOfRound } from './probe-answer.ts';

const round = (received: number, failure: Parameters<typeof answerOfRound>[0]['failure'] = null) => ({ ok: received > 0, sent: 10, received, failure });

test('a round that answers wholly is UP, in part DEGRADED, not at all DOWN', () => {
  assert.deepEqual([10, 9, 0].map((n) => answerOfRound(round(n), 'DOWN', 'connected').state), ['UP', 'DEGRADED', 'DOWN']);
});

test('while the monitor itself may be cut off, a failed round is INCONCLUSIVE, and an answered one is not', () => {
  assert.equal(answerOfRound(round(0), 'DOWN', 'lost').state, 'INCONCLUSIVE');
  assert.equal(answerOfRound(round(0), 'INCONCLUSIVE', 'unsure').state, 'INCONCLUSIVE');
  assert.equal(answerOfRound(round(0, { class: 'local', message: 'no route' }), 'DOWN', null).state, 'INCONCLUSIVE');
  assert.equal(answerOfRound(round(10), 'INCONCLUSIVE', 'lost').state, 'UP');
});

test('planned work and an unreachable parent stay what they are', () => {
  assert.equal(answerOfRound(round(0), 'MAINTENANCE', 'connected').state, 'MAINTENANCE');
  assert.equal(answerOfRound(round(0), 'UNREACHABLE', 'connected').state, 'UNREACHABLE');
});
