import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Lab } from '../drill/lab.ts';

const main = path.resolve(import.meta.dirname, '../cli/main.ts');
const lab = new Lab(`ww-low-${process.pid}`);
before(() => lab.addHost('a'));
after(() => lab.destroy());

/** Runs the command line on the lab's host without any capability, and without the way to get one by starting another program. */
function unprivileged(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const drop = ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all', '--ambient-caps', '-all', '--no-new-privs'];
  const run = spawnSync('ip', ['netns', 'exec', lab.namespace('a'), ...drop, process.execPath, main, ...args], { encoding: 'utf8', timeout: 30_000 });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const pingGroups = (range: string): void => void lab.run('a', ['sysctl', '-qw', `net.ipv4.ping_group_range=${range}`]);

for (const [family, address] of [['IPv4', '127.0.0.1'], ['IPv6', '::1']] as const) {
  test(`${family}: without any privilege a ping socket serves where the group may have one`, () => {
    pingGroups('0 65535');
    const { code, out, err } = unprivileged('probe', 'icmp', address, '--count', '5', '--json');
    assert.equal(code, 0, err);
    const outcome = JSON.parse(out) as { ok: boolean; received: number; notes: Record<string, string> };
    assert.deepEqual([outcome.ok, outcome.received, outcome.notes.method], [true, 5, 'dgram']);
  });

  test(`${family}: with no way to send, the fault is ours and not the target's`, () => {
    pingGroups('1 0');
    const { code, out } = unprivileged('probe', 'icmp', address, '--count', '2', '--json');
    const outcome = JSON.parse(out) as { ok: boolean; failure: { class: string; message: string } };
    assert.deepEqual([code, outcome.ok, outcome.failure.class], [4, false, 'local']);
  });

  test(`${family}: a trace names the privilege that it lacks and the command that grants it`, () => {
    const { code, err } = unprivileged('trace', address);
    assert.equal(code, 4, err);
    assert.match(err, /WW_PROBE_PRIVILEGE/);
    assert.match(err, /to do: sudo setcap cap_net_raw\+ep \//);
  });
}
