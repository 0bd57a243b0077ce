import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { protocols } from '../wire/protocols.generated.ts';
import { Registry } from '../wire/registry.ts';
import { runSession } from '../../test/support/session-run.ts';
import { MESSAGE_LOGS } from './message-logs.ts';
import { messageSessions } from './message-sessions.ts';

const registry = new Registry(protocols);
const sessions = messageSessions(registry);

function run(log: string): ReturnType<typeof runSession> {
  const definition = sessions.find((s) => s.logs?.[log] !== undefined);
  assert.ok(definition, log);
  return runSession(definition.create());
}

const values = (r: ReturnType<typeof runSession>): unknown[] => r.records.map((x) => (x.kind === 'transaction' ? x.values : null));

test('every log of messages shows fields that dissectors have, and has a session', () => {
  assert.equal(sessions.length, MESSAGE_LOGS.length);
});

test('a datagram is a transaction with the values of its fields', () => {
  const ntp = run('ntp');
  // A client's request of version 4 (RFC 5905 §7.3).
  ntp.data(0, fromHex(`23020a${'00'.repeat(45)}`)!);
  assert.deepEqual(values(ntp).map((v) => (v as { version: number; mode: number; stratum: number }).version), [4]);
  const syslog = run('syslog');
  syslog.data(0, '<34>Oct 11 22:14:15 mymachine su: failed');
  assert.match(JSON.stringify(values(syslog)), /"severity":"[^"]*CRIT[^"]*"/i);
});

// Transaction 1, unit 1: read two registers from 100, then a response with their values.
const ASK = '0001000000060103006400' + '02';
const ANSWER = '00010000000701030400010002';

test('messages of a stream are found wherever its segments are cut', () => {
  const whole = run('modbus');
  whole.data(0, fromHex(ASK + ASK)!);
  whole.data(1, fromHex(ANSWER)!);
  assert.equal(whole.records.length, 3);
  const bytes = fromHex(ASK + ASK)!;
  for (let cut = 1; cut < bytes.length; cut++) {
    const parts = run('modbus');
    parts.data(0, bytes.slice(0, cut));
    parts.data(0, bytes.slice(cut));
    parts.data(1, fromHex(ANSWER)!);
    assert.deepEqual(values(parts), values(whole), `cut at ${cut}`);
  }
});

test('bytes that are no message are named, and random ones neither throw nor stall', () => {
  let seed = 1;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16;
  for (const definition of sessions) {
    for (let n = 0; n < 50; n++) {
      const session = runSession(definition.create());
      const bytes = Uint8Array.from({ length: 1 + (random() % 200) }, random);
      session.data(0, bytes);
      session.data(1, bytes);
      session.end();
    }
  }
  const modbus = run('modbus');
  modbus.data(0, 'GET / HTTP/1.1\r\n\r\n');
  assert.deepEqual(modbus.anomalies.slice(0, 1), ['modbus_not_a_message']);
});
