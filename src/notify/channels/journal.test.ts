import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

// The journal's socket has one fixed place. In a mount namespace of its own a datagram socket of the test stands there, under the
// real logger; the entry comes as systemd documents it: FIELD=value, or the length in 64 bits for values with line breaks.
const INSIDE = String.raw`
mount -t tmpfs none /run/systemd && mkdir /run/systemd/journal || exit 9
python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/run/systemd/journal/socket")
print("up", flush=True)
print(s.recv(65536).decode(), flush=True)
' > "$OUT" &
until grep -q up "$OUT"; do sleep 0.05; done
"$NODE" --input-type=module -e "$SCRIPT"
wait
cat "$OUT"`;

test('an entry reaches the journal with its fields', () => {
  if (!existsSync('/run/systemd')) mkdirSync('/run/systemd', { recursive: true });
  const root = path.resolve(import.meta.dirname, '../../..');
  const script = `
    const { journal } = await import(${JSON.stringify(path.join(import.meta.dirname, 'journal.ts'))});
    const { notificationOf, notifiedAlert } = await import(${JSON.stringify(path.join(root, 'test/support/notifications.ts'))});
    const n = notificationOf('n1', 0n, [notifiedAlert('web', 0n)]);
    const result = await journal.send({ signal: AbortSignal.timeout(5000), dedupKey: 'the-key', attempt: 1, now: 0n, known: null }, n, journal.options.parse({}));
    console.log(JSON.stringify(result));`;
  const run = spawnSync('unshare', ['-m', 'sh', '-c', INSIDE], { encoding: 'utf8', timeout: 20_000, env: { ...process.env, NODE: process.execPath, SCRIPT: script, OUT: `/tmp/wirewatch-journal-${process.pid}` } });
  spawnSync('rm', ['-f', `/tmp/wirewatch-journal-${process.pid}`]);
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /"outcome":"delivered"/, run.stdout + run.stderr);
  assert.match(run.stdout, /^MESSAGE=Network Alert: web Down: No response from web/m);
  assert.match(run.stdout, /^PRIORITY=2$/m);
  assert.match(run.stdout, /^SYSLOG_IDENTIFIER=wirewatch$/m);
  assert.match(run.stdout, /^WIREWATCH_DELIVERY=the-key$/m);
});
