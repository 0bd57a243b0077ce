// What every probe must keep, whichever it is: its deadline, classes of failure that are never mixed, and no secret in what it says.
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { ProbeDefinition, ProbeOutcome, ProbeTarget } from '../../src/probe/define-probe.ts';
import { ProbeRunner } from '../../src/probe/probe-runner.ts';
import { types } from '../../src/probe/types.generated.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { TestHttpServer } from '../support/http-server.ts';

const SECRET = 'S3cr3t-with+odd=chars-9911';
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' } as const;
type Family = keyof typeof LOOPBACK;

/** How a probe is pointed at a port, and over what it speaks; null = it has no ports. A new probe adds its line here. */
const BENCHES: Record<string, { transport: 'tcp' | 'udp'; options: (address: string, port: number) => Record<string, unknown> } | null> = {
  dns: { transport: 'udp', options: (_address, port) => ({ name: 'host.example.test', port }) },
  http: {
    transport: 'tcp',
    options: (address, port) => ({ url: `http://user:${encodeURIComponent(SECRET)}@${net.isIPv6(address) ? `[${address}]` : address}:${port}/?token=${encodeURIComponent(SECRET)}`, headers: { authorization: `Bearer ${SECRET}` } }),
  },
  icmp: null,
  tcp: { transport: 'tcp', options: (_address, port) => ({ port, expect: 'banner' }) },
};

const probes = types as readonly unknown[] as readonly ProbeDefinition[];
const stops: (() => Promise<void>)[] = [];
let runner: ProbeRunner;
before(() => {
  runner = new ProbeRunner(probes, nodeHost);
});
after(async () => {
  runner.close();
  for (const stop of stops) await stop();
});

async function round(probe: string, target: ProbeTarget, options: Record<string, unknown>, timeoutMs: number): Promise<{ outcome: ProbeOutcome; ms: number; said: string }> {
  const lines: string[] = [];
  const started = performance.now();
  const outcome = await runner.run(probe, target, options, timeoutMs, AbortSignal.timeout(timeoutMs + 5000), (text) => lines.push(text));
  return { outcome, ms: performance.now() - started, said: JSON.stringify([outcome, lines]) };
}

function assertNoSecret(said: string): void {
  for (const spelling of [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')]) assert.ok(!said.includes(spelling), `a secret shows in ${said}`);
}

/** A port that nobody has: taken for a moment, and given back. */
async function freePort(transport: 'tcp' | 'udp', address: string): Promise<number> {
  if (transport === 'tcp') {
    const server = net.createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4').bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A port that takes everything and says nothing. */
async function silentPort(transport: 'tcp' | 'udp', address: string): Promise<number> {
  if (transport === 'tcp') {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, address);
    await once(server, 'listening');
    stops.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    });
    return (server.address() as AddressInfo).port;
  }
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4').bind(0, address);
  await once(socket, 'listening');
  stops.push(async () => {
    socket.close();
    await once(socket, 'close');
  });
  return socket.address().port;
}

test('every probe of the manifest has a bench here', () => {
  assert.deepEqual(probes.map((p) => p.name).toSorted(), Object.keys(BENCHES).toSorted());
});

for (const probe of probes) {
  describe(probe.name, () => {
    const bench = BENCHES[probe.name];
    for (const family of ['ipv4', 'ipv6'] as const satisfies Family[]) {
      const address = LOOPBACK[family];
      if (bench !== null) {
        test(`a port that refuses is "refused" over ${family}`, async () => {
          const { outcome, said } = await round(probe.name, { address, family }, bench.options(address, await freePort(bench.transport, address)), 4000);
          assert.deepEqual([outcome.ok, outcome.failure?.class, outcome.received], [false, 'refused', 0], said);
          assertNoSecret(said);
        });

        test(`a port that is silent is told when the time is over, not later, over ${family}`, async () => {
          const { outcome, ms, said } = await round(probe.name, { address, family }, bench.options(address, await silentPort(bench.transport, address)), 400);
          // Whoever was connected and heard not what it should has a wrong service; whoever heard nothing has none.
          assert.ok(outcome.failure?.class === 'timeout' || (probe.name === 'tcp' && outcome.failure?.class === 'content'), said);
          assert.ok(ms >= 350 && ms < 2500, `${ms} ms`);
          assertNoSecret(said);
        });
      } else {
        test(`loopback answers over ${family}`, async () => {
          const { outcome, said } = await round(probe.name, { address, family }, { count: 2, spacing: 5 }, 2000);
          assert.deepEqual([outcome.ok, outcome.failure, outcome.received], [true, null, 2], said);
        });
      }
    }

    test('a name that does not resolve is "name", and no sample', async () => {
      const { outcome, ms, said } = await round(probe.name, { address: 'no-such-host.invalid', family: 'any' }, bench === null ? {} : bench.options('no-such-host.invalid', 9), 1500);
      assert.deepEqual([outcome.ok, outcome.failure?.class, outcome.received], [false, 'name', 0], said);
      assert.ok(outcome.rttNs.every((rtt) => rtt === null), said);
      assert.ok(ms < 4000, `${ms} ms`);
      assertNoSecret(said);
    });

    test('an address of the other family is a mistake of this machine, not of the target', async () => {
      const { outcome } = await round(probe.name, { address: '127.0.0.1', family: 'ipv6' }, bench === null ? {} : bench.options('127.0.0.1', 9), 1500);
      assert.equal(outcome.failure?.class, 'local');
    });

    test('options that do not fit are refused by name', async () => {
      await assert.rejects(round(probe.name, { address: '127.0.0.1', family: 'any' }, { nonsense: SECRET }, 1000), (error: Error & { code?: string }) => {
        assertNoSecret(error.message);
        return error.code === 'WW_PROBE_OPTION' && error.message.includes('nonsense');
      });
    });

    test('its title and options are documented', () => {
      assert.ok(probe.title.length > 0);
    });
  });
}

test('headers of an HTTP check, which may be credentials, do not follow a redirect to another origin', async () => {
  const other = await TestHttpServer.start(() => ({ status: 200, body: 'here' }));
  const first = await TestHttpServer.start((request) => (request.path === '/away' ? { status: 302, headers: { location: `${other.url}/` } } : request.path === '/near' ? { status: 302, headers: { location: '/away' } } : { status: 404 }));
  stops.push(() => other.stop(), () => first.stop());
  const { outcome, said } = await round('http', { address: '127.0.0.1', family: 'ipv4' }, { url: `${first.url}/near`, headers: { Authorization: `Bearer ${SECRET}`, cookie: `session=${SECRET}`, 'x-api-key': SECRET } }, 4000);
  assert.equal(outcome.ok, true, said);
  assert.deepEqual(first.requests.map((r) => r.headers.authorization), [`Bearer ${SECRET}`, `Bearer ${SECRET}`]);
  assert.deepEqual(other.requests.map((r) => [r.headers.authorization, r.headers.cookie, r.headers['x-api-key']]), [[undefined, undefined, undefined]]);
});
