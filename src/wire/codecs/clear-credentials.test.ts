import assert from 'node:assert/strict';
import test from 'node:test';
import { runSession } from '../../../test/support/session-run.ts';
import type { Session } from '../session.ts';
import { FtpSession } from './ftp-session.ts';
import { HttpSession } from './http-session.ts';
import { ImapSession } from './imap-session.ts';
import { PopSession } from './pop-session.ts';
import { SmtpSession } from './smtp-session.ts';
import { TelnetSession } from './telnet-session.ts';

const b64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
type Turn = readonly [dir: 0 | 1, text: string];

const CASES: readonly (readonly [title: string, session: () => Session, turns: readonly Turn[], method: string])[] = [
  ['FTP', () => new FtpSession(), [[1, '220 ftp\r\n'], [0, 'USER anna\r\n'], [1, '331 ok\r\n'], [0, 'PASS s3cret:x\r\n'], [1, '230 in\r\n']], 'PASS'],
  ['POP', () => new PopSession(), [[1, '+OK hi\r\n'], [0, 'USER anna\r\n'], [1, '+OK\r\n'], [0, 'PASS s3cret:x\r\n'], [1, '+OK\r\n']], 'PASS'],
  ['POP with SASL', () => new PopSession(), [[1, '+OK hi\r\n'], [0, 'AUTH PLAIN\r\n'], [1, '+ \r\n'], [0, `${b64('\0anna\0s3cret:x')}\r\n`], [1, '+OK\r\n']], 'AUTH PLAIN'],
  ['IMAP', () => new ImapSession(), [[1, '* OK hi\r\n'], [0, '1 LOGIN anna "s3cret:x"\r\n'], [1, '1 OK\r\n']], 'LOGIN'],
  ['IMAP with literals', () => new ImapSession(), [[1, '* OK hi\r\n'], [0, '1 LOGIN {4}\r\n'], [1, '+\r\n'], [0, 'anna {8}\r\n'], [1, '+\r\n'], [0, 's3cret:x\r\n'], [1, '1 OK\r\n']], 'LOGIN'],
  ['IMAP with SASL', () => new ImapSession(), [[0, `1 AUTHENTICATE PLAIN ${b64('\0anna\0s3cret:x')}\r\n`], [1, '1 OK\r\n']], 'AUTH PLAIN'],
  ['SMTP, at once', () => new SmtpSession(), [[1, '220 mail\r\n'], [0, 'EHLO x\r\n'], [1, '250 ok\r\n'], [0, `AUTH PLAIN ${b64('\0anna\0s3cret:x')}\r\n`], [1, '235 in\r\n']], 'AUTH PLAIN'],
  ['SMTP, line by line', () => new SmtpSession(), [[0, 'AUTH LOGIN\r\n'], [1, '334 VXNlcm5hbWU6\r\n'], [0, `${b64('anna')}\r\n`], [1, '334 UGFzc3dvcmQ6\r\n'], [0, `${b64('s3cret:x')}\r\n`], [1, '235 in\r\n']], 'AUTH LOGIN'],
  ['HTTP', () => new HttpSession(), [[0, `GET / HTTP/1.1\r\nHost: a.test\r\nAuthorization: Basic ${b64('anna:s3cret:x')}\r\n\r\n`], [1, 'HTTP/1.1 204 No\r\n\r\n']], 'Basic'],
  ['Telnet', () => new TelnetSession(), [
    [1, '\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0Welcome\r\nlogin: '], [0, '\xff\xfb'], [0, '\x18a'], [1, 'a'], [0, 'nnx'], [1, 'nnx'], [0, '\x7fa'], [1, '\b a'], [0, '\r\0'],
    [1, '\r\nPassword: '], [0, 's3cret:x\r\n'], [1, '\r\n$ '], [0, 'ls\r\n'],
  ], 'login'],
];

for (const [title, create, turns, method] of CASES) {
  test(`${title}: the secret is told with its name, and stands in no record`, () => {
    const run = runSession(create());
    for (const [dir, text] of turns) run.data(dir, text);
    run.end();
    assert.deepEqual(run.credentials.map((c) => [c.method, c.user, c.secret]), [[method, 'anna', 's3cret:x']]);
    const written = JSON.stringify(run.records, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
    assert.ok(!written.includes('s3cret') && !written.includes(b64('\0anna\0s3cret:x')) && !written.includes(b64('s3cret:x')));
  });
}

test('mechanisms that hide their secret tell nothing, and their lines are no commands', () => {
  const run = runSession(new PopSession());
  run.data(1, '+OK hi\r\n');
  run.data(0, 'AUTH CRAM-MD5\r\n');
  run.data(1, '+ PDE+\r\n');
  run.data(0, 'YW5uYSBhYmNk\r\n');
  run.data(1, '+OK\r\n');
  run.data(0, 'STAT\r\n');
  run.data(1, '+OK 0 0\r\n');
  assert.deepEqual(run.credentials, []);
  assert.deepEqual(run.records.map((r) => r.kind === 'transaction' && r.values.command), ['AUTH', 'STAT']);
});
