import assert from 'node:assert/strict';
import test from 'node:test';
import { runSession } from '../../../test/support/session-run.ts';
import { ImapSession } from './imap-session.ts';

const MAIL = 'From: a@example.test\r\nContent-Type: multipart/mixed; boundary=XX\r\n\r\n--XX\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--XX--\r\n';
const rows = (run: ReturnType<typeof runSession>): unknown[] => run.records.map((r) => (r.kind === 'transaction' ? [r.values.user, r.values.command, r.values.arg, r.values.status] : r));

for (const step of [1, 5, 4096]) {
  test(`commands have their answers, passwords are masked, mails are files, in pieces of ${step} bytes`, () => {
    const run = runSession(new ImapSession());
    const say = (dir: 0 | 1, text: string): void => {
      for (let i = 0; i < text.length; i += step) run.data(dir, text.slice(i, i + step));
    };
    say(1, '* OK ready\r\n');
    say(0, 'a1 LOGIN "an na" "pass word"\r\n');
    say(1, '* CAPABILITY IMAP4rev1\r\na1 OK done\r\n');
    say(0, 'a2 UID FETCH 7 (BODY.PEEK[])\r\n');
    say(1, `* 1 FETCH (UID 7 FLAGS () BODY[] {${MAIL.length}}\r\n${MAIL} ENVELOPE {3}\r\na2 )\r\na2 OK fetched\r\n`);
    say(0, 'a3 LOGIN {4}\r\n');
    say(1, '+ go\r\n');
    say(0, 'bert {6}\r\nsecret\r\n');
    say(1, 'a3 NO no\r\n');
    say(0, 'a4 AUTHENTICATE PLAIN\r\n');
    say(1, '+ \r\n');
    say(0, 'AGFubmEAc2 VjcmV0\r\n');
    say(1, 'a4 BAD no\r\n');
    run.end();
    assert.deepEqual(rows(run), [
      ['an na', 'LOGIN', 'an na <hidden>', 'OK'], ['an na', 'UID FETCH', '7 (BODY.PEEK[])', 'OK'], ['bert', 'LOGIN', 'bert <hidden>', 'NO'], ['bert', 'AUTHENTICATE', 'PLAIN', 'BAD'],
    ]);
    assert.ok(!JSON.stringify(run.records, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).includes('secret'));
    assert.deepEqual(run.files.map((f) => [f.head.source, f.head.name, f.content, f.whole]), [['imap', null, MAIL, true], ['imap', 'a.bin', '\x00\x01\x02', true]]);
  });
}

test('a mail that is appended is the client\'s file, and one with missing bytes is not whole', () => {
  const run = runSession(new ImapSession());
  run.data(0, `a1 APPEND Sent {${MAIL.length}+}\r\n${MAIL}\r\n`);
  run.data(1, 'a1 OK\r\n* 2 FETCH (BODY[]<100> {20}\r\n0123456789');
  run.gap(1, 10);
  run.data(1, ')\r\n* 3 FETCH (RFC822 {20}\r\n01');
  run.end();
  const mails = run.files.filter((f) => f.head.name === null);
  assert.deepEqual(mails.map((f) => [f.dir, f.content.length, f.missing, f.whole]), [[0, MAIL.length, 0, true], [1, 10, 10, false], [1, 2, 0, false]]);
  assert.deepEqual(rows(run), [[null, 'APPEND', 'Sent ', 'OK']]);
});

test('STARTTLS hands the rest to TLS', () => {
  const run = runSession(new ImapSession());
  run.data(0, 'x STARTTLS\r\n');
  run.data(1, 'x OK begin\r\n');
  assert.deepEqual(run.became, ['ssl']);
});
