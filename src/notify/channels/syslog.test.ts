import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { notificationOf, notifiedAlert } from '../../../test/support/notifications.ts';
import { at } from '../../../test/support/signals.ts';
import { createTestAuthority } from '../../../test/support/test-authority.ts';
import type { SendResult } from '../define-channel.ts';
import { syslog, syslogMessage } from './syslog.ts';

const firing = notificationOf('n1', at(0), [notifiedAlert('web', at(0))], { incidentId: 'a]b"c' });
const send = async (over: Record<string, unknown>): Promise<SendResult> =>
  await syslog.send({ signal: AbortSignal.timeout(3000), dedupKey: 'k', attempt: 1, now: at(0), known: null }, firing, syslog.options.parse(over));

/** RFC 5424 §6, as far as our messages go. */
const RFC5424 = /^<(\d{1,3})>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [!-~]{1,255} wirewatch \d+ notification \[wirewatch@32473( [a-z]+="(\\["\\\]]|[^"\\\]])*")+\] \uFEFF.+$/;

test('a message has the form of RFC 5424, its quotes and brackets escaped', () => {
  const text = syslogMessage(firing, 'key', 'local3', 'mon.example.test');
  assert.match(text, RFC5424);
  assert.equal(RFC5424.exec(text)?.[1], String(19 * 8 + 2));
  assert.match(text, /incident="a\\\]b\\"c"/);
  assert.equal(RFC5424.exec(syslogMessage({ ...firing, status: 'resolved' }, 'key', 'daemon', 'm'))?.[1], String(3 * 8 + 5));
  assert.ok(Buffer.byteLength(syslogMessage({ ...firing, body: 'x'.repeat(9000) }, 'key', 'daemon', 'm')) < 2048);
});

for (const [host, type] of [['127.0.0.1', 'udp4'], ['::1', 'udp6']] as const) {
  test(`over UDP to ${host} it is one datagram, and not confirmed`, async () => {
    const socket = dgram.createSocket(type);
    socket.bind(0, host);
    await once(socket, 'listening');
    const came = once(socket, 'message') as Promise<[Buffer]>;
    assert.deepEqual(await send({ host, port: socket.address().port }), { outcome: 'delivered', detail: 'sent, and not confirmed' });
    assert.match((await came)[0].toString(), RFC5424);
    socket.close();
  });
}

test('over TCP and TLS its length comes first; a certificate that nobody vouches for gets nothing', async () => {
  const authority = createTestAuthority();
  for (const transport of ['tcp', 'tls'] as const) {
    let heard = '';
    const hear = (socket: net.Socket): void => void socket.on('error', () => undefined).on('data', (chunk: Buffer) => (heard += chunk.toString()));
    const server = transport === 'tls' ? tls.createServer({ cert: authority.cert, key: authority.key }, hear) : net.createServer(hear);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (transport === 'tls') {
      const result = await send({ host: '127.0.0.1', port, transport });
      assert.match(result.outcome === 'retry' ? result.reason : result.outcome, /^TLS: /);
      assert.equal(heard, '');
    }
    assert.deepEqual(await send({ host: '127.0.0.1', port, transport, ca: authority.ca }), { outcome: 'delivered', detail: 'taken' });
    const [, length, message] = /^(\d+) ([\s\S]*)$/.exec(heard) ?? [];
    assert.equal(Number(length), Buffer.byteLength(message));
    assert.match(message, RFC5424);
    server.close();
  }
});
