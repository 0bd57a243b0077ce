import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../base/bytes.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { CryptoStream } from './quic-connection.ts';
import { fullPacketNumber, initialKeys, QUIC_V2 } from './quic-keys.ts';

const dcid = fromHex('8394c8f03e515708')!;

test('Initial keys of version 1 are those of RFC 9001 A.1', () => {
  const [client, server] = initialKeys(nodeHost, 1, dcid)!;
  assert.deepEqual([client.key, client.iv, client.hp].map((b) => toHex(b)), ['1f369613dd76d5467730efcbe3b1a22d', 'fa044b2f42a3fd3b46fb255c', '9f50449e04a0e810283a1e9933adedd2']);
  assert.deepEqual([server.key, server.iv, server.hp].map((b) => toHex(b)), ['cf3a5331653c364c88f0f379b6067e37', '0ac1493ca1905853b0bba03e', 'c206b8d9b9f0f37644430b490eeaa314']);
});

test('Initial keys of version 2 are those of RFC 9369 A.1', () => {
  const [client] = initialKeys(nodeHost, QUIC_V2, dcid)!;
  assert.deepEqual([client.key, client.iv, client.hp].map((b) => toHex(b)), ['8b1a0bc121284290a29e0971b5cd045d', '91f73e2351d8fa91660e909f', '45b95e15235d6f45a6b19cbcb0294ba9']);
});

test('a mask of header protection is that of RFC 9001 A.2', () => {
  const [client] = initialKeys(nodeHost, 1, dcid)!;
  assert.equal(toHex(client.mask(nodeHost, fromHex('d1b1c98dd7689fb8ec11d242b123dc9b')!)).slice(0, 10), '437b9aec36');
});

test('a truncated packet number is the nearest to the expected one (RFC 9000 A.3)', () => {
  assert.equal(fullPacketNumber(0xa82f30ea, 0x9b32, 2), 0xa82f9b32);
  assert.equal(fullPacketNumber(-1, 0, 1), 0);
  assert.equal(fullPacketNumber(255, 0, 1), 256);
});

test('CRYPTO frames are handed on in order, those that came early as one', () => {
  const stream = new CryptoStream();
  const bytes = (...b: number[]): Uint8Array => Uint8Array.from(b);
  assert.equal(stream.add(3, bytes(4, 5), 1), undefined);
  assert.equal(stream.add(3, bytes(4, 5), 2), undefined, 'sent again');
  assert.deepEqual(stream.add(0, bytes(1, 2, 3), 3), bytes(1, 2, 3, 4, 5));
  assert.equal(stream.add(1, bytes(2), 4), undefined, 'known');
  assert.deepEqual(stream.add(4, bytes(5, 6), 5), bytes(6), 'only what is new');
});
