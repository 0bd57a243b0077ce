import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../base/bytes.ts';
import { KeyLog } from './key-log.ts';

test('a key log is read line by line, and what is none of its lines is passed over', () => {
  const log = new KeyLog();
  const random = '0123456789abcdef'.repeat(4);
  log.add(`# a comment\r\nCLIENT_RANDOM ${random.toUpperCase()} ${'11'.repeat(48)}\r\nSERVER_TRAFFIC_SECRET_0 ${random} 2222\nRSA 0011 2233\nCLIENT_RANDOM short 00\n`);
  log.add(`QUIC_CLIENT_HANDSHAKE_TRAFFIC_SECRET ${random} 3333`);
  assert.equal(log.size, 3);
  assert.equal(log.find('CLIENT_RANDOM', fromHex(random))?.length, 48);
  assert.deepEqual(log.find('SERVER_TRAFFIC_SECRET_0', fromHex(random)), Uint8Array.of(0x22, 0x22));
  assert.deepEqual(log.find('CLIENT_HANDSHAKE_TRAFFIC_SECRET', fromHex(random)), Uint8Array.of(0x33, 0x33), 'the label that QUIC once had');
  assert.equal(log.find('CLIENT_TRAFFIC_SECRET_0', fromHex(random)), undefined);
});
