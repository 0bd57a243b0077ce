import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DoctorPorts } from './define-check.ts';
import { runDoctor } from './run-doctor.ts';

/** A machine on which all is well; each test spoils one thing. */
function machine(over: Partial<DoctorPorts> = {}, config: Partial<DoctorPorts['config']> = {}): DoctorPorts {
  return {
    dataDir: '/var/lib/wirewatch', node: { version: 'v24.21.0', path: '/opt/node' }, uid: 1000, env: {},
    readFile: (f) => (f === '/proc/self/status' ? 'CapEff:\t0000000000002000\n' : undefined),
    run: async (command) => (command === 'tcpdump' ? { code: 0, stdout: 'tcpdump version 4.99.3\n', stderr: '' } : undefined),
    disk: () => ({ freeBytes: 50 * 2 ** 30, totalBytes: 100 * 2 ** 30 }), resolve: async () => ({ ok: true, detail: '127.0.0.1' }), findings: [],
    gateways: ['192.0.2.1', '2001:db8::1'], resolvers: ['192.0.2.53'], port: async () => 'free',
    config: { file: null, captureWanted: true, icmpWanted: true, listen: { address: '127.0.0.1', port: 8420 }, ...config }, ...over,
  };
}

async function finding(check: string, ports: DoctorPorts): Promise<{ verdict: string; remedy: string | null }> {
  const found = (await runDoctor(ports)).find((f) => f.check === check);
  assert.ok(found, `there is no check ${check}`);
  return { verdict: found.verdict, remedy: found.remedy };
}

const NO_CAPS = { readFile: (f: string) => (f === '/proc/self/status' ? 'CapEff:\t0000000000000000\n' : f.endsWith('ping_group_range') ? '1\t0\n' : undefined) };
const GRANT = 'sudo setcap cap_net_raw+ep /opt/node';

test('On a machine on which all is well nothing is to do', async () => {
  assert.deepEqual((await runDoctor(machine())).filter((f) => f.verdict !== 'ok' || f.remedy !== null), []);
});

test('Without the privilege to capture or ping the one command that grants it is named', async () => {
  assert.deepEqual(await finding('capture-privilege', machine(NO_CAPS)), { verdict: 'warning', remedy: GRANT });
  assert.deepEqual(await finding('ping-privilege', machine(NO_CAPS)), { verdict: 'warning', remedy: 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"' });
  const withPing = machine({ ...NO_CAPS, run: async (c) => (c === 'ping' ? { code: 0, stdout: '', stderr: '' } : undefined) });
  assert.deepEqual(await finding('ping-privilege', withPing), { verdict: 'warning', remedy: GRANT });
  const allowed = machine({ readFile: (f) => (f.endsWith('ping_group_range') ? '0\t2147483647\n' : undefined) });
  assert.equal((await finding('ping-privilege', allowed)).verdict, 'ok');
});

test('What the configuration does not want is not missed', async () => {
  const ports = machine(NO_CAPS, { captureWanted: false, icmpWanted: false });
  assert.equal((await finding('capture-privilege', ports)).verdict, 'ok');
  assert.equal((await finding('ping-privilege', ports)).verdict, 'ok');
});

test('Each further trouble has its remedy', async () => {
  const rows: [string, Partial<DoctorPorts>, string, RegExp][] = [
    ['node-version', { node: { version: 'v20.20.2', path: '/usr/bin/node' } }, 'problem', /bin\/wirewatch\.mjs/],
    ['tcpdump', { run: async () => undefined }, 'warning', /apt-get install tcpdump/],
    ['disk-space', { disk: () => ({ freeBytes: 2 ** 20, totalBytes: 2 ** 30 }) }, 'problem', /free space/],
    ['disk-space', { disk: () => ({ freeBytes: 2 ** 30, totalBytes: 2 ** 40 }) }, 'warning', /free space/],
    ['clock', { run: async (c) => (c === 'timedatectl' ? { code: 0, stdout: 'no\n', stderr: '' } : undefined) }, 'warning', /set-ntp true/],
    ['resolver', { resolvers: [] }, 'warning', /resolv\.conf/],
    ['gateway', { gateways: [] }, 'warning', /ip route add default/],
    ['configuration', { findings: [{ key: 'channels.mail.password', message: 'can be read by others', remedy: 'chmod 600 x' }] }, 'warning', /chmod 600 x/],
    ['ports', { port: async () => 'taken' }, 'warning', /listen\.port/],
  ];
  for (const [check, over, verdict, remedy] of rows) {
    const found = await finding(check, machine(over));
    assert.equal(found.verdict, verdict, check);
    assert.match(found.remedy ?? '', remedy, check);
  }
});

test('A check that fails itself is a warning, not the end', async () => {
  const ports = machine({ disk: () => { throw new Error('EIO'); } });
  assert.equal((await finding('disk-space', ports)).verdict, 'warning');
});
