import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MailServer } from '../../../test/support/mail-server.ts';
import { notificationOf, notifiedAlert } from '../../../test/support/notifications.ts';
import { at } from '../../../test/support/signals.ts';
import { createTestAuthority, type TestAuthority } from '../../../test/support/test-authority.ts';
import type { SMTPServerOptions } from 'smtp-server';
import type { SendResult } from '../define-channel.ts';
import { smtp } from './smtp.ts';

const login = { user: 'alert@example.test', password: 'pässword-7f3a' };
let authority: TestAuthority;
const servers: MailServer[] = [];

before(() => {
  authority = createTestAuthority();
});
after(async () => {
  for (const server of servers) await server.stop();
});

async function serve(over: Partial<SMTPServerOptions> = {}, ca: TestAuthority | null = authority, host = '127.0.0.1'): Promise<MailServer> {
  const server = await MailServer.start(ca ?? undefined, login, over, host);
  servers.push(server);
  return server;
}

const firing = notificationOf('n1', at(0), [notifiedAlert('web', at(0))]);
const resolved = notificationOf('n2', at(600), [notifiedAlert('web', at(0), at(600))]);

async function send(server: MailServer, over: Record<string, unknown> = {}, notification = firing): Promise<SendResult> {
  const options = smtp.options.parse({ host: '127.0.0.1', port: server.port, ...login, from: 'Wirewatch <alert@example.test>', to: ['admin@example.test'], ca: authority.ca, ...over });
  return await smtp.send({ signal: AbortSignal.timeout(5000), dedupKey: `key-${notification.id}`, attempt: 1, now: at(10), known: null }, notification, options);
}

const header = (raw: string, name: string): string => new RegExp(`^${name}: ((?:.*\\r\\n[ \\t])*.*)`, 'im').exec(raw.split('\r\n\r\n')[0])?.[1].replace(/\r\n[ \t]+/g, ' ') ?? '';

for (const host of ['127.0.0.1', '::1']) {
  test(`a mail goes out encrypted and logged in over ${host}, in plain text and HTML`, async () => {
    const server = await serve({}, authority, host);
    assert.equal((await send(server, { host })).outcome, 'delivered');
    const [mail] = server.mails;
    assert.deepEqual([mail.secure, mail.user, mail.from, mail.to], [true, login.user, 'alert@example.test', ['admin@example.test']]);
    assert.equal(header(mail.raw, 'Subject'), 'Network Alert: web Down');
    assert.equal(header(mail.raw, 'Auto-Submitted'), 'auto-generated');
    assert.equal(header(mail.raw, 'Date'), 'Thu, 01 Jan 2026 00:00:10 +0000');
    assert.match(mail.raw, /Content-Type: multipart\/alternative/);
    assert.match(mail.raw, /No response from web \(192\.0\.2\.1\) & <more>\./);
    assert.match(mail.raw, /&amp; &lt;more&gt;/);
    assert.match(mail.raw, /Pr=C3=BCfung/);
    assert.ok(!mail.raw.includes(login.password));
  });
}

test('retries carry the same Message-ID, and the resolve refers to the first mail', async () => {
  const server = await serve();
  for (const n of [firing, firing, resolved]) await send(server, {}, n);
  const ids = server.mails.map((m) => header(m.raw, 'Message-ID'));
  assert.match(ids[0], /^<[0-9a-f]{32}@example\.test>$/);
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
  assert.equal(header(server.mails[2].raw, 'In-Reply-To'), ids[0]);
  assert.ok(header(server.mails[2].raw, 'References').endsWith(ids[0]));
});

test('a second outbreak in the same incident begins a thread of its own', async () => {
  const server = await serve();
  await send(server);
  await send(server, {}, notificationOf('n3', at(900), [notifiedAlert('web', at(900))]));
  assert.notEqual(header(server.mails[0].raw, 'Message-ID'), header(server.mails[1].raw, 'Message-ID'));
});

test('a server without STARTTLS gets neither password nor mail', async () => {
  const server = await serve({}, null);
  const result = await send(server);
  assert.equal(result.outcome, 'retry');
  assert.deepEqual(server.mails, []);
});

test('a certificate of an unknown authority, or for another name, is not accepted', async () => {
  const server = await serve();
  const unknown = await send(server, { ca: createTestAuthority().ca });
  assert.equal(unknown.outcome, 'retry');
  const strange = await serve({}, createTestAuthority(['elsewhere.test']));
  const misnamed = await send(strange, { host: 'localhost', ca: authority.ca });
  assert.equal(misnamed.outcome, 'retry');
  assert.deepEqual([server.mails, strange.mails], [[], []]);
});

test('TLS from the first byte works', async () => {
  const server = await serve({ secure: true });
  assert.equal((await send(server, { tls: 'implicit' })).outcome, 'delivered');
  assert.equal(server.mails[0].secure, true);
});

test('a 4yz answer is tried again, a 5yz answer is not', async () => {
  const busy = await serve({ onMailFrom: (_a, _s, callback) => callback(Object.assign(new Error('try later'), { responseCode: 451 })) });
  assert.equal((await send(busy)).outcome, 'retry');
  const unknown = await serve({ onRcptTo: (_a, _s, callback) => callback(Object.assign(new Error('no such user'), { responseCode: 550 })) });
  const result = await send(unknown);
  assert.equal(result.outcome, 'permanent');
  assert.match(result.outcome === 'permanent' ? result.reason : '', /no such user/);
});

test('one refused recipient of two does not keep the mail from the other', async () => {
  const server = await serve({ onRcptTo: (a, _s, callback) => callback(a.address.startsWith('gone') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null) });
  const result = await send(server, { to: ['gone@example.test', 'admin@example.test'] });
  assert.match(result.outcome === 'delivered' ? result.detail : '', /refused for gone@example\.test/);
});

test('header lines cannot be smuggled in by a subject', async () => {
  const server = await serve();
  await send(server, {}, { ...firing, subject: 'x\r\nBcc: evil@example.test' });
  assert.equal(header(server.mails[0].raw, 'Bcc'), '');
  assert.deepEqual(server.mails[0].to, ['admin@example.test']);
});

test('options that would leave this machine unencrypted, or half a login, are refused', () => {
  const good = { host: 'smtp.example.test', from: 'a@example.test', to: ['b@example.test'] };
  assert.equal(smtp.options.safeParse(good).success, true);
  assert.equal(smtp.options.safeParse({ ...good, tls: 'none' }).success, false);
  assert.equal(smtp.options.safeParse({ ...good, host: '127.0.0.1', tls: 'none' }).success, true);
  assert.equal(smtp.options.safeParse({ ...good, user: 'x' }).success, false);
  assert.equal(smtp.options.safeParse({ ...good, passwort: 'x' }).success, false);
});
