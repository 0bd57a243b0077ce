import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeHost } from '../pipeline/node-host.ts';
import { AddressPseudonyms, PSEUDONYM_KEY_BYTES } from './address-pseudonyms.ts';

const key = Uint8Array.from({ length: PSEUDONYM_KEY_BYTES }, (_, i) => 7 * i + 3);
const pseudonyms = new AddressPseudonyms(nodeHost, key);
const of = (...bytes: number[]): Uint8Array => pseudonyms.of(Uint8Array.from(bytes), 0, bytes.length);

function sharedBits(a: Uint8Array, b: Uint8Array): number {
  let n = 0;
  while (n < 8 * a.length && ((a[n >> 3] ^ b[n >> 3]) & (0x80 >> (n & 7))) === 0) n++;
  return n;
}

test('addresses that share a prefix have pseudonyms that share as much, and no more', () => {
  const addresses = Array.from({ length: 400 }, (_, i) => Uint8Array.of(198 + (i % 3), 51 ^ (i >> 7), (i * 37) & 255, (i * 101) & 255));
  const mapped = addresses.map((a) => pseudonyms.of(a, 0, 4));
  for (let i = 0; i < addresses.length; i++) for (let k = 0; k < i; k++) assert.equal(sharedBits(mapped[i], mapped[k]), sharedBits(addresses[i], addresses[k]), `${String(addresses[i])} ${String(addresses[k])}`);
});

test('private, link-local and mapped addresses stay in their block, and nobody else comes into it', () => {
  assert.equal(of(10, 1, 2, 3)[0], 10);
  assert.deepEqual([...of(192, 168, 7, 9)].slice(0, 2), [192, 168]);
  assert.deepEqual([...of(172, 20, 7, 9)].map((v, i) => (i === 1 ? v & 0xf0 : i === 0 ? v : 0)), [172, 16, 0, 0]);
  assert.deepEqual([...of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1)].slice(0, 1), [0xfe]);
  for (let i = 0; i < 2000; i++) {
    const first = 8 + (i % 180);
    if (first === 127) continue;
    const [a, b] = of(first, (i * 7) & 255, i & 255, 1);
    if (first !== 10) assert.notEqual(a, 10);
    assert.ok(a < 224 && a !== 127 && a !== 0, `${a}.${b}`);
  }
});

test('what is nobody\'s address keeps itself: broadcast, multicast, loopback, masks, zeros, groups of stations', () => {
  for (const kept of [[255, 255, 255, 255], [224, 0, 0, 251], [127, 0, 0, 1], [0, 0, 0, 0], [255, 255, 255, 0], [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [255, 255, 255, 255, 255, 255], [1, 0, 0x5e, 0, 0, 1], [0, 0, 0, 0, 0, 0]]) {
    assert.deepEqual([...of(...kept)], kept);
  }
});

test('a station gets another address of one station, of which the maker is not to be seen', () => {
  const mac = of(0, 0x0c, 0x29, 1, 2, 3);
  assert.equal(mac[0] & 3, 2);
  assert.notDeepEqual([...mac].slice(1, 3), [0x0c, 0x29]);
  assert.deepEqual([...mac], [...of(0, 0x0c, 0x29, 1, 2, 3)]);
});

test('another key gives other pseudonyms', () => {
  const other = new AddressPseudonyms(nodeHost, key.map((v) => v ^ 0x5a));
  assert.notDeepEqual([...other.of(Uint8Array.of(198, 51, 100, 7), 0, 4)], [...of(198, 51, 100, 7)]);
});
