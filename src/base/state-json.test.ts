import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeState, encodeState } from './state-json.ts';

test('a state with instants comes back as it was', () => {
  const state = { at: 1_700_000_000_123_456_789n, list: [1n, { deep: 0n }], text: '12', none: null, real: 1.5, on: true };
  assert.deepEqual(decodeState(encodeState(state)), state);
});

test('equal states give equal text whatever the order of their keys', () => {
  assert.equal(encodeState({ b: 1, a: { d: 2n, c: 3 } }), encodeState({ a: { c: 3, d: 2n }, b: 1 }));
});

test('text that is not JSON is refused', () => {
  assert.throws(() => decodeState('{'), SyntaxError);
});
