import assert from 'node:assert/strict';
import test from 'node:test';
import { runSession } from '../../../test/support/session-run.ts';
import { SmtpSession } from './smtp-session.ts';

const MAIL = [
  'From: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= <a@example.test>', 'To: b@example.test,', ' c@example.test', 'Subject: Report', 'Message-ID: <1@example.test>',
  'Content-Type: multipart/mixed; boundary="XX"', '', 'preamble', '--XX', 'Content-Type: text/plain', '', 'hello', '..dotted', '--XX',
  'Content-Type: application/octet-stream; name="a.bin"', 'Content-Transfer-Encoding: base64', '', 'AAECAwQF', 'BgcICQ==', '--XX--', '',
].join('\r\n');

function conversation(run: ReturnType<typeof runSession>): void {
  run.data(1, '220 mail.example.test ESMTP\r\n');
  run.data(0, 'EHLO client\r\n');
  run.data(1, '250-mail.example.test\r\n250 SIZE 1000\r\n');
  run.data(0, 'MAIL FROM:<a@example.test> SIZE=5\r\nRCPT TO:<b@example.test>\r\nDATA\r\n');
  run.data(1, '250 ok\r\n250 ok\r\n354 go\r\n');
  // Cut at places that suit nobody.
  for (let i = 0; i < MAIL.length; i += 7) run.data(0, MAIL.slice(i, i + 7));
  run.data(0, '.\r\n');
  run.data(1, '250 queued as 7\r\n');
}

test('a mail is one transaction with its headers and the reply that took it', () => {
  const run = runSession(new SmtpSession());
  conversation(run);
  run.data(0, 'QUIT\r\n');
  run.end();
  assert.equal(run.records.length, 1);
  const [record] = run.records;
  assert.equal(record.kind === 'transaction' && record.protocol, 'smtp');
  const values = record.kind === 'transaction' ? record.values : {};
  assert.deepEqual([values.helo, values.mailfrom, values.rcptto, values.to], ['client', 'a@example.test', ['b@example.test'], ['b@example.test', 'c@example.test']]);
  assert.deepEqual([values.from, values.subject, values.last_reply], ['Grüße <a@example.test>', 'Report', '250 queued as 7']);
});

test('the mail is a file without the doubled dots, its attachment another without its encoding', () => {
  const run = runSession(new SmtpSession());
  conversation(run);
  run.end();
  assert.equal(run.files.length, 2);
  assert.equal(run.files[0].content, MAIL.replace('..dotted', '.dotted'));
  assert.deepEqual([run.files[1].head.name, run.files[1].head.depth, run.files[1].content], ['a.bin', 1, '\0\x01\x02\x03\x04\x05\x06\x07\x08\x09']);
  assert.deepEqual(run.files.map((f) => f.whole), [true, true]);
});

test('BDAT counts its bytes and needs no dot', () => {
  const run = runSession(new SmtpSession());
  run.data(0, 'EHLO c\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nBDAT 14\r\nSubject: x\r\n\r\nBDAT 3 LAST\r\n.\r\nQUIT\r\n');
  run.end();
  assert.equal(run.files[0].content, 'Subject: x\r\n\r\n.\r\n');
  assert.equal(run.files[0].whole, true);
});

test('a mail whose end was not captured is not whole, and a password is in no record', () => {
  const run = runSession(new SmtpSession());
  run.data(0, 'EHLO c\r\nAUTH LOGIN\r\n');
  run.data(1, '334 VXNlcm5hbWU6\r\n');
  run.data(0, 'c2VjcmV0\r\n');
  run.data(1, '235 ok\r\n');
  run.data(0, 'MAIL FROM:<a@example.test>\r\nDATA\r\n');
  run.data(1, '250 ok\r\n354 go\r\n');
  run.data(0, 'Subject: cut\r\n\r\nhalf');
  run.end();
  assert.equal(run.files[0].whole, false);
  assert.ok(!JSON.stringify(run.records.map((r) => r.kind === 'transaction' && r.values)).includes('c2VjcmV0'));
});

test('after STARTTLS the conversation is TLS', () => {
  const run = runSession(new SmtpSession());
  run.data(0, 'EHLO c\r\nSTARTTLS\r\n');
  run.data(1, '250 ok\r\n220 go\r\n');
  assert.deepEqual(run.became, ['ssl']);
});
