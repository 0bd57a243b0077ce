// What every check of doctor must keep: it says what is wrong and the one thing that mends it, on the best and the barest machine.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checks } from '../../src/doctor/checks.generated.ts';
import type { DoctorPorts } from '../../src/doctor/define-check.ts';

/** A machine that has nothing and allows nothing. */
const BARE: DoctorPorts = {
  dataDir: '/var/lib/wirewatch', node: { version: 'v18.0.0', path: '/opt/node' }, uid: 1000, env: {},
  readFile: () => undefined, run: async () => await Promise.resolve(undefined), disk: () => undefined,
  resolve: async () => await Promise.resolve({ ok: false, detail: 'the resolver does not answer' }),
  findings: [{ key: 'checks.web', message: 'there is no target web', remedy: 'add it below targets' }], gateways: [], resolvers: [], port: async () => await Promise.resolve('taken'),
  config: { file: '/etc/wirewatch.yaml', captureWanted: true, icmpWanted: true, listen: { address: '::1', port: 8420 } },
};

test('names are of their own', () => {
  assert.equal(new Set(checks.map((c) => c.name)).size, checks.length);
});

for (const check of checks) {
  describe(check.name, () => {
    test('looks at the barest machine without throwing, and a finding has its remedy', async () => {
      const { verdict, detail, remedy } = await check.look(BARE);
      assert.ok(detail.length > 0);
      if (verdict === 'ok') assert.equal(remedy, null);
      else assert.ok(remedy !== null && remedy.length > 0, `${verdict}: ${detail}`);
    });

    test('looking changes nothing', async () => {
      const before = JSON.stringify(BARE);
      await check.look(BARE);
      assert.equal(JSON.stringify(BARE), before);
      assert.ok(check.title.length > 0);
    });
  });
}
