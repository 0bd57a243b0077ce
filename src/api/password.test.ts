import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WirewatchError } from '../base/errors.ts';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';

test('a password fits its own hash, in whatever form of Unicode it is typed, and no other does', async () => {
  const hash = await hashPassword('Zürich am Morgen');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.equal(await verifyPassword('Zürich am Morgen'.normalize('NFD'), hash), true);
  assert.equal(await verifyPassword('Zurich am Morgen', hash), false);
});

test('the same password has another hash each time', async () => {
  assert.notEqual(await hashPassword('five plain words of mine'), await hashPassword('five plain words of mine'));
});

test('an account that does not exist has no password, not even the empty one', async () => {
  assert.equal(await verifyPassword('', undefined), false);
});

test('short passwords and the name with little added are refused with what to do', () => {
  for (const password of ['short', 'elevenchars', 'administrator1', 'x'.repeat(1025)]) {
    assert.throws(() => checkPassword('administrator', password), (e) => e instanceof WirewatchError && e.code === 'WW_ARGUMENT' && e.remedy !== undefined);
  }
  checkPassword('ann', 'five plain words of mine');
});

test('more hashes at once than the machine can bear are refused, the rest are done', async () => {
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => hashPassword('five plain words of mine')));
  const refused = results.filter((r) => r.status === 'rejected');
  assert.equal(refused.length, 60 - 2 - 32);
  for (const r of refused) assert.equal((r.reason as WirewatchError).code, 'WW_AUTH_LIMIT');
});
