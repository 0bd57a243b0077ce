import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TestHttpServer, type Answer, type ReceivedRequest } from '../../../test/support/http-server.ts';
import { notificationOf, notifiedAlert } from '../../../test/support/notifications.ts';
import { at } from '../../../test/support/signals.ts';
import { createTestAuthority } from '../../../test/support/test-authority.ts';
import { slack } from './slack.ts';

const PATH = '/services/T000/B000/XXXXXXXXXXXX';
const servers: TestHttpServer[] = [];
after(async () => {
  for (const server of servers) await server.stop();
});

interface Block { type: string; text?: { type: string; text: string }; elements?: { type: string; text: string }[] }

/** Slack's documented rules for an incoming webhook: what breaks them gets the plain-text errors of the documentation. */
function slackRules(request: ReceivedRequest): Answer {
  if (request.method !== 'POST' || request.path !== PATH) return { status: 404, body: 'no_service' };
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return { status: 400, body: 'invalid_payload' };
  let payload: { text?: unknown; blocks?: Block[] };
  try {
    payload = JSON.parse(request.body) as typeof payload;
  } catch {
    return { status: 400, body: 'invalid_payload' };
  }
  if (typeof payload.text !== 'string' || payload.text === '') return { status: 400, body: 'no_text' };
  const blocks = payload.blocks ?? [];
  const fits = blocks.length <= 50 && blocks.every((b) =>
    (b.type === 'header' && b.text?.type === 'plain_text' && b.text.text.length >= 1 && b.text.text.length <= 150)
    || (b.type === 'section' && b.text?.type === 'mrkdwn' && b.text.text.length >= 1 && b.text.text.length <= 3000)
    || (b.type === 'context' && (b.elements ?? []).length >= 1 && (b.elements ?? []).length <= 10));
  return fits ? { status: 200, body: 'ok' } : { status: 400, body: 'invalid_blocks' };
}

async function serve(answer: (r: ReceivedRequest) => Answer = slackRules, tls = false, host = '127.0.0.1'): Promise<{ server: TestHttpServer; ca: string | undefined }> {
  const authority = tls ? createTestAuthority() : undefined;
  const server = await TestHttpServer.start(answer, authority, host);
  servers.push(server);
  return { server, ca: authority?.ca };
}

const firing = notificationOf('n1', at(0), [notifiedAlert('web', at(0))]);
const send = async (url: string, n = firing, over = {}) =>
  await slack.send({ signal: AbortSignal.timeout(3000), dedupKey: 'k', attempt: 1, now: at(0), known: null }, n, slack.options.parse({ url, ...over }));

for (const host of ['127.0.0.1', '::1']) {
  test(`a message is accepted by Slack's rules over ${host}`, async () => {
    const { server } = await serve(slackRules, false, host);
    assert.deepEqual(await send(server.url + PATH), { outcome: 'delivered', detail: 'HTTP 200' });
    const body = JSON.parse(server.requests[0].body) as { text: string; blocks: Block[] };
    assert.equal(body.text, ':rotating_light: Network Alert: web Down');
    assert.match(body.blocks[1].text?.text ?? '', /&amp; &lt;more&gt;/);
    assert.match(body.blocks[2].elements?.[0].text ?? '', /^<http:\/\/127\.0\.0\.1:8080\/incidents\/inc-1\|Open incident>$/);
  });
}

test('a message of any length fits, and is not cut within an entity', async () => {
  const { server } = await serve();
  for (const n of [1, 2895, 2896, 2897, 2898, 5000]) {
    assert.equal((await send(server.url + PATH, { ...firing, subject: 's'.repeat(400), body: `${'a'.repeat(n)}${'&'.repeat(2000)}` })).outcome, 'delivered');
  }
  assert.equal((await send(server.url + PATH, { ...firing, subject: '', body: '' }, { mention: '<!here>' })).outcome, 'delivered');
  for (const { body } of server.requests) assert.doesNotMatch((JSON.parse(body) as { blocks: Block[] }).blocks[1].text?.text ?? '', /&(?!amp;|lt;|gt;)/);
});

test('a mention is put before firing messages only', async () => {
  const { server } = await serve();
  await send(server.url + PATH, firing, { mention: '<!here>' });
  await send(server.url + PATH, notificationOf('n2', at(9), [notifiedAlert('web', at(0), at(9))]), { mention: '<!here>' });
  assert.deepEqual(server.requests.map((r) => r.body.includes('<!here>')), [true, false]);
});

test('a webhook that is gone is a refusal with Slack\'s word', async () => {
  const { server } = await serve();
  assert.deepEqual(await send(`${server.url}/services/gone`), { outcome: 'permanent', reason: 'HTTP 404: no_service' });
});

test('a 200 that does not say ok is not a delivery', async () => {
  const { server } = await serve(() => ({ status: 200, body: '<html>Please sign in to the hotel network</html>' }));
  assert.deepEqual(await send(server.url + PATH), { outcome: 'retry', reason: 'the answer is not Slack\'s' });
});

test('a limit is retried when Slack says so', async () => {
  const { server } = await serve(() => ({ status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' }));
  assert.deepEqual(await send(server.url + PATH), { outcome: 'retry', reason: 'HTTP 429: rate_limited', retryAfterMs: 30_000 });
});

test('HTTPS is verified against the given authority', async () => {
  const { server, ca } = await serve(slackRules, true);
  assert.equal((await send(server.url + PATH, firing, { ca })).outcome, 'delivered');
  assert.deepEqual(await send(server.url + PATH), { outcome: 'retry', reason: 'TLS: UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});
