import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIp } from '../base/ip.ts';
import { communityId } from './community-id.ts';

const id = (src: string, dst: string, proto: number, a: number, b: number): string => communityId(parseIp(src)!, parseIp(dst)!, proto, a, b);

test('the examples of the specification come out', () => {
  assert.equal(id('128.232.110.120', '66.35.250.204', 6, 34855, 80), '1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  assert.equal(id('192.168.1.52', '8.8.8.8', 17, 54585, 53), '1:d/FP5EW3wiY1vCndhwleRRKHowQ=');
});

test('both directions have one id, in both families', () => {
  for (const [a, b] of [['192.0.2.1', '198.51.100.9'], ['2001:db8::1', '2001:db8::9']]) {
    assert.equal(id(a, b, 6, 1234, 80), id(b, a, 6, 80, 1234));
    assert.equal(id(a, b, 132, 1234, 80), id(b, a, 132, 80, 1234));
    assert.notEqual(id(a, b, 6, 1234, 80), id(a, b, 17, 1234, 80));
  }
});

test('equal addresses are ordered by port', () => {
  assert.equal(id('192.0.2.1', '192.0.2.1', 6, 80, 1234), id('192.0.2.1', '192.0.2.1', 6, 1234, 80));
  assert.equal(id('2001:db8::1', '2001:db8::1', 17, 80, 1234), id('2001:db8::1', '2001:db8::1', 17, 1234, 80));
});

test('an echo and its reply meet; types without an answer keep their direction', () => {
  assert.equal(id('192.0.2.1', '192.0.2.2', 1, 8, 0), id('192.0.2.2', '192.0.2.1', 1, 0, 0));
  assert.equal(id('2001:db8::1', '2001:db8::2', 58, 128, 0), id('2001:db8::2', '2001:db8::1', 58, 129, 0));
  assert.notEqual(id('192.0.2.1', '192.0.2.2', 1, 3, 3), id('192.0.2.2', '192.0.2.1', 1, 3, 3));
});

test('protocols without ports leave them out', () => {
  assert.equal(id('192.0.2.1', '192.0.2.2', 2, 0, 0), id('192.0.2.1', '192.0.2.2', 2, 5, 6));
});
