// Paths through real routers: by every method, over both families, once and again and again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { HOPS, probeLab, TARGETS } from '../../../test/support/probe-lab.ts';
import type { Lab } from '../../drill/lab.ts';
import type { PathTrace } from '../../model/index.ts';
import type { HopStatistics } from './path-statistics.ts';

const main = path.resolve(import.meta.dirname, '../../cli/main.ts');
let lab: Lab;
before(() => {
  lab = probeLab(`ww-trc-${process.pid}`);
  // The target answers every datagram, as the routers do: the kernel's limit on ICMP errors is not what is tested.
  lab.run('one', ['sysctl', '-qw', 'net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0']);
});
after(() => lab.destroy());

function trace<T>(...args: string[]): Promise<{ code: number; answer: T }> {
  return new Promise((done, refuse) => {
    execFile('ip', ['netns', 'exec', lab.namespace('mon'), process.execPath, main, 'trace', '--json', ...args], { timeout: 60_000 }, (error, out, err) => {
      if (out === '') refuse(new Error(err));
      else done({ code: error === null ? 0 : Number(error.code), answer: JSON.parse(out) as T });
    });
  });
}

/** One rule in a chain of a router; an empty one takes it away. */
function rule(host: string, hook: 'output' | 'forward', text: string, sets = ''): void {
  lab.run(host, ['nft', 'flush', 'ruleset']);
  if (text !== '') lab.run(host, ['nft', `table inet fault {\n${sets}\nchain c {\ntype filter hook ${hook} priority 0\n${text}\n}\n}`]);
}

for (const family of ['v4', 'v6'] as const) {
  for (const method of ['icmp', 'udp', 'tcp'] as const) {
    test(`${family}: ${method} finds every hop and the target, each probe timed`, async () => {
      const { code, answer } = await trace<PathTrace>(TARGETS[family][0], '-M', method);
      assert.deepEqual(answer.hops.map((h) => h.addresses), [...HOPS[family], TARGETS[family][0]].map((a) => [a]), JSON.stringify(answer));
      assert.deepEqual([code, answer.method, answer.reached], [0, method, true]);
      assert.ok(answer.hops.every((h) => h.received === 3 && h.rttNs.every((r) => r !== null && r > 0 && r < 1e9)), JSON.stringify(answer.hops));
    });
  }
}

test('all probes of a trace are one flow to whoever shares load by it: addresses, ports and, with ICMP, the checksum', async () => {
  for (const [method, field] of [['udp', 'udp sport'], ['tcp', 'tcp sport']] as const) {
    rule('gw', 'forward', `ip daddr ${TARGETS.v4[0]} add @ports { ${field} }`, 'set ports {\ntype inet_service\nflags dynamic\nsize 1024\n}');
    await trace(TARGETS.v4[0], '-M', method, '-c', '5', '-i', '0.01');
    const seen = JSON.parse(lab.run('gw', ['nft', '-j', 'list', 'set', 'inet', 'fault', 'ports'])) as { nftables: { set?: { elem?: unknown[] } }[] };
    assert.equal(seen.nftables.find((n) => n.set !== undefined)?.set?.elem?.length, 1, `${method}: ${JSON.stringify(seen)}`);
  }
  rule('gw', 'output', '');
});

test('a router that limits its answers is told apart from loss that persists to the end', async () => {
  rule('gw', 'output', 'icmp type time-exceeded numgen random mod 100 < 60 drop');
  const limited = (await trace<{ hops: HopStatistics[] }>(TARGETS.v4[0], '-c', '60', '-i', '0.01', '-w', '0.1')).answer.hops;
  assert.deepEqual(limited.map((h) => h.verdict), ['rate_limited', 'clean', 'clean'], JSON.stringify(limited));
  rule('core', 'forward', `ip daddr ${TARGETS.v4[0]} numgen random mod 100 < 30 drop`);
  const both = (await trace<{ hops: HopStatistics[] }>(TARGETS.v4[0], '-c', '60', '-i', '0.01', '-w', '0.1')).answer.hops;
  assert.deepEqual(both.map((h) => h.verdict), ['rate_limited', 'clean', 'loss'], JSON.stringify(both));
  assert.ok(both[2].lostForward > 5 && both[0].unanswered > 10, JSON.stringify(both));
  rule('gw', 'output', '');
  rule('core', 'forward', '');
});

test('a target that nothing reaches is a negative answer that shows how far it went', async () => {
  rule('core', 'forward', `ip daddr ${TARGETS.v4[0]} drop`);
  const { code, answer } = await trace<PathTrace>(TARGETS.v4[0], '-M', 'udp', '-w', '0.3', '-m', '8');
  assert.deepEqual([code, answer.reached, answer.hops.map((h) => h.addresses[0])], [1, false, [...HOPS.v4]]);
  rule('core', 'forward', '');
});
