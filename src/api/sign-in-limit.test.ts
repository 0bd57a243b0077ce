import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignInLimit } from './sign-in-limit.ts';

test('the next attempt after too many failures waits for the rest of the window', () => {
  const limit = new SignInLimit(3, 1000);
  for (const at of [0, 100, 200]) {
    assert.equal(limit.waitMs('a', at), 0);
    limit.failed('a', at);
  }
  assert.equal(limit.waitMs('a', 400), 600);
  assert.equal(limit.waitMs('b', 400), 0);
  assert.equal(limit.waitMs('a', 1000), 0);
});

test('a success forgets the failures before it', () => {
  const limit = new SignInLimit(1, 1000);
  limit.failed('a', 0);
  limit.succeeded('a');
  assert.equal(limit.waitMs('a', 1), 0);
});
