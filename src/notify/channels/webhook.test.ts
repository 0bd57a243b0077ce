import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { after, test } from 'node:test';
import { z } from 'zod';
import { TestHttpServer, type Answer, type ReceivedRequest } from '../../../test/support/http-server.ts';
import { notificationOf, notifiedAlert } from '../../../test/support/notifications.ts';
import { at } from '../../../test/support/signals.ts';
import { webhook } from './webhook.ts';

const SECRET = 'a-shared-key-of-32-characters!!!';
const servers: TestHttpServer[] = [];
after(async () => {
  for (const server of servers) await server.stop();
});

const labels = z.record(z.string(), z.string());
/** Alertmanager's documented form, version 4. */
const AM4 = z.object({
  version: z.literal('4'), groupKey: z.string(), truncatedAlerts: z.number(), status: z.enum(['firing', 'resolved']), receiver: z.string(), groupLabels: labels,
  commonLabels: labels, commonAnnotations: labels, externalURL: z.string(),
  alerts: z.array(z.object({
    status: z.enum(['firing', 'resolved']), labels, annotations: labels, startsAt: z.iso.datetime(), endsAt: z.iso.datetime(), generatorURL: z.string(),
    fingerprint: z.string(),
  })),
});

/** A receiver that checks form, signature and age, and keeps idempotency keys. */
function strictReceiver(seen: Map<string, number>): (r: ReceivedRequest) => Answer {
  return (r) => {
    const timestamp = String(r.headers['x-wirewatch-timestamp']);
    const expected = Buffer.from(`v1=${createHmac('sha256', SECRET).update(`${timestamp}.${r.body}`).digest('hex')}`);
    const given = Buffer.from(String(r.headers['x-wirewatch-signature']));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { status: 401, body: 'bad signature' };
    if (Math.abs(Number(timestamp) - Number(at(0) / 1_000_000_000n)) > 300) return { status: 401, body: 'too old' };
    if (!AM4.safeParse(JSON.parse(r.body)).success) return { status: 422, body: 'not the form' };
    const key = String(r.headers['idempotency-key']);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return { status: 202 };
  };
}

async function serve(answer: (r: ReceivedRequest) => Answer, host = '127.0.0.1'): Promise<TestHttpServer> {
  const server = await TestHttpServer.start(answer, undefined, host);
  servers.push(server);
  return server;
}

const firing = notificationOf('n1', at(0), [notifiedAlert('web', at(0)), notifiedAlert('db', at(0), at(60))]);
const send = async (url: string, over = {}, now = at(0)) =>
  await webhook.send({ signal: AbortSignal.timeout(3000), dedupKey: 'key-1', attempt: 1, now, known: null }, firing, webhook.options.parse({ url, secret: SECRET, ...over }));

for (const host of ['127.0.0.1', '::1']) {
  test(`the message is Alertmanager's, signed, over ${host}; a retry has the same idempotency key`, async () => {
    const seen = new Map<string, number>();
    const server = await serve(strictReceiver(seen), host);
    for (let i = 0; i < 2; i++) assert.deepEqual(await send(`${server.url}/hook?token=abc`), { outcome: 'delivered', detail: 'HTTP 202' });
    assert.deepEqual([...seen], [['key-1', 2]]);
    const body = AM4.parse(JSON.parse(server.requests[0].body));
    assert.deepEqual([body.status, body.receiver, body.commonLabels, body.groupLabels], ['firing', 'ops', { alertname: 'check-down', ip: '2001:db8::7' }, { target: 'web' }]);
    assert.deepEqual(body.alerts.map((a) => [a.status, a.endsAt]), [['firing', '0001-01-01T00:00:00Z'], ['resolved', '2026-01-01T00:01:00.000Z']]);
  });
}

test('a wrong key or an old message is refused by the receiver', async () => {
  const server = await serve(strictReceiver(new Map()));
  assert.deepEqual(await send(server.url, { secret: 'another-key-of-16-or-more' }), { outcome: 'permanent', reason: 'HTTP 401: bad signature' });
  assert.deepEqual(await send(server.url, {}, at(1000)), { outcome: 'permanent', reason: 'HTTP 401: too old' });
});

test('alerts beyond the cap are counted', async () => {
  const server = await serve(() => ({ status: 200 }));
  await send(server.url, { maxAlerts: 1 });
  const body = AM4.parse(JSON.parse(server.requests[0].body));
  assert.deepEqual([body.alerts.length, body.truncatedAlerts], [1, 1]);
});

test('a redirect is not followed: what is signed goes where it was sent', async () => {
  const server = await serve(() => ({ status: 302, headers: { location: 'http://192.0.2.1/' } }));
  assert.equal((await send(server.url)).outcome, 'permanent');
  assert.equal(server.requests.length, 1);
});
