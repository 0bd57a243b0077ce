import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { runSession } from '../../../test/support/session-run.ts';
import { SshSession } from './ssh-session.ts';

function packet(payload: Buffer): Buffer {
  const padding = 8 + ((8 - ((5 + payload.length) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

function named(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const kexInit = (lists: readonly string[]): Buffer => packet(Buffer.concat([Buffer.of(20), Buffer.alloc(16, 7), ...lists.map(named), Buffer.alloc(5)]));

const CLIENT = ['curve25519-sha256,diffie-hellman-group14-sha256', 'ssh-ed25519,ssh-rsa', 'aes128-ctr,aes256-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none,zlib', 'none', '', ''];
const SERVER = ['diffie-hellman-group14-sha256', 'ssh-rsa,ssh-ed25519', 'aes256-ctr', 'aes128-ctr', 'hmac-sha1,hmac-sha2-256', 'hmac-sha2-256', 'none', 'none,zlib', '', ''];
const KEY = Buffer.from('a host key');
const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');

const FROM_CLIENT = Buffer.concat([Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), kexInit(CLIENT), packet(Buffer.of(21))]);
const FROM_SERVER = Buffer.concat([
  Buffer.from('Authorised use only\r\nSSH-2.0-dropbear_2022.83\r\n'), kexInit(SERVER), packet(Buffer.concat([Buffer.of(31), named(KEY)])), packet(Buffer.of(21)), Buffer.from('encrypted'),
]);

for (const step of [1, 7, 4096]) {
  test(`a connection that comes in pieces of ${step} bytes is one transaction with what both sides agreed on`, () => {
    const run = runSession(new SshSession());
    for (let i = 0; i < FROM_CLIENT.length; i += step) run.data(0, FROM_CLIENT.subarray(i, i + step));
    for (let i = 0; i < FROM_SERVER.length; i += step) run.data(1, FROM_SERVER.subarray(i, i + step));
    run.end();
    assert.equal(run.records.length, 1);
    const [record] = run.records;
    assert.deepEqual(record.kind === 'transaction' && record.values, {
      version: 2, client: 'SSH-2.0-OpenSSH_9.6', server: 'SSH-2.0-dropbear_2022.83', cipher_alg: 'aes256-ctr', mac_alg: 'hmac-sha2-256', compression_alg: 'none',
      kex_alg: 'diffie-hellman-group14-sha256', host_key_alg: 'ssh-ed25519', host_key: md5(KEY).match(/../g)!.join(':'),
      hassh: md5([CLIENT[0], CLIENT[2], CLIENT[4], CLIENT[6]].join(';')), hasshServer: md5([SERVER[0], SERVER[3], SERVER[5], SERVER[7]].join(';')),
    });
    assert.deepEqual(run.anomalies, []);
  });
}

test('a connection that is cut at any byte still tells what was read of it, once', () => {
  for (let cut = 0; cut <= FROM_SERVER.length; cut++) {
    const run = runSession(new SshSession());
    run.data(0, FROM_CLIENT);
    run.data(1, FROM_SERVER.subarray(0, cut));
    run.gap(1, 100);
    run.data(1, FROM_SERVER.subarray(cut));
    run.end();
    assert.equal(run.records.length, 1, `cut at ${cut}`);
  }
});

test('a length that no packet has ends the reading and is named', () => {
  const run = runSession(new SshSession());
  run.data(1, Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(64, 0xff)]));
  assert.deepEqual(run.anomalies, ['ssh_bad_packet_length']);
  assert.equal(run.records.length, 1);
});
