// What every probe must keep, whichever it is: its deadline, classes of failure that are never mixed, and no secret in what it says.
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import type { FailureClass } from '../../src/model/index.ts';
import type { ProbeDefinition, ProbeOutcome, ProbeTarget } from '../../src/probe/define-probe.ts';
import { ProbeRunner } from '../../src/probe/probe-runner.ts';
import { types } from '../../src/probe/types.generated.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { StampReflector } from '../../src/probe/stamp-reflector.ts';
import { TestHttpServer } from '../support/http-server.ts';
import { MailServer } from '../support/mail-server.ts';
import { freePort, startChronyd, startDnsmasq, startDovecot, startSlapd, startSnmpd, startSshd, startUdpEcho, startVsftpd, type Service } from '../support/real-services.ts';
import { createTestAuthority } from '../support/test-authority.ts';

const SECRET = 'S3cr3t-with+odd=chars-9911';
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' } as const;
type Family = keyof typeof LOOPBACK;

/** A real server in good order: what the probe is told, what it must then have measured and seen, and the tellings that must fail, by class. */
interface Served {
  readonly options: Record<string, unknown>;
  readonly measured?: readonly string[];
  readonly seen?: Readonly<Record<string, RegExp>>;
  readonly wrong?: readonly (readonly [change: Record<string, unknown>, failure: FailureClass, message: RegExp])[];
  stop(): Promise<void>;
}

/**
 * How a probe is pointed at a port, and over what it speaks; `own` = it looks at this machine; null = it has no ports. With a real
 * server that it must find well. A new probe adds its line here.
 */
const BENCHES: Record<string, { transport: 'tcp' | 'udp' | 'own'; options: (address: string, port: number) => Record<string, unknown>; serve?: () => Promise<Served> } | null> = {
  dns: {
    transport: 'udp', options: (_address, port) => ({ name: 'host.example.test', port }),
    serve: () => service(startDnsmasq(), { name: 'host.example.test', expectFlags: ['aa'], expectAnswers: ['192.0.2.10', '192.0.2.9'], expectMatch: '^192\\.0\\.2\\.' }, {
      measured: ['answers', 'least_ttl_seconds'], seen: { flags: /\baa\b/, rcode: /^NOERROR$/ },
      wrong: [
        [{ expectFlags: ['ad'], dnssec: true }, 'content', /flag ad/], [{ name: 'none.example.test' }, 'content', /NXDOMAIN/],
        [{ expectAnswers: ['192.0.2.9'] }, 'content', /answers are/], [{ expectMatch: '\\.9$' }, 'content', /not every/], [{ name: 'a..b..'.padEnd(300, 'x').slice(0, 250) }, 'local', /not a domain name/],
      ],
    }),
  },
  download: {
    transport: 'tcp', options: (address, port) => ({ url: urlOf(address, port) }),
    serve: async () => {
      const server = await TestHttpServer.start(() => ({ status: 200, body: 'x'.repeat(3_000_000) }));
      return { options: { url: server.url, maxBytes: 1_000_000 }, measured: ['throughput_bits_per_second', 'body_bytes'], wrong: [[{ minMegabits: 1e9 }, 'content', /only/]], stop: () => server.stop() };
    },
  },
  ftp: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: () => service(startVsftpd(authority), { ...trusting, expect: 'files of the office' }, { measured: ['cert_expiry_seconds', 'tls_seconds'], seen: { banner: /office/ }, wrong: MISTRUST }),
  },
  heartbeat: { transport: 'own', options: () => ({ key: 'nightly-backup' }), serve: serveHeartbeat },
  http: {
    transport: 'tcp',
    options: (address, port) => ({ url: urlOf(address, port), headers: { authorization: `Bearer ${SECRET}` } }),
    serve: serveHttp,
  },
  icmp: null,
  imap: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: () => service(startDovecot('imap', authority), { ...trusting }, { measured: ['cert_expiry_seconds', 'banner_seconds'], seen: { banner: /^OK/, capabilities: /IMAP4rev1/ }, wrong: MISTRUST }),
  },
  ldap: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: () => service(startSlapd(authority), { ...trusting }, { measured: ['cert_expiry_seconds'], seen: { banner: /supportedLDAPVersion 3/ }, wrong: MISTRUST }),
  },
  link: {
    transport: 'own', options: () => ({ interface: 'lo' }),
    serve: async () => ({ options: { interface: 'lo' }, measured: ['mtu_bytes', 'rx_bytes', 'rx_errors'], wrong: [[{ interface: 'nosuch9' }, 'unreachable', /no interface/], [{ minSpeed: 1000 }, 'content', /Mbit/]], stop: async () => undefined }),
  },
  ntp: {
    transport: 'udp', options: (_address, port) => ({ port }),
    serve: () => service(startChronyd(), { count: 3, maxOffset: 50 }, {
      measured: ['offset_seconds', 'delay_seconds', 'stratum', 'root_dispersion_seconds'], wrong: [[{ maxStratum: 3 }, 'content', /stratum/], [{ maxOffset: 1e-9 }, 'content', /clocks differ/]],
    }),
  },
  pop3: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: () => service(startDovecot('pop3', authority), { ...trusting }, { measured: ['cert_expiry_seconds'], seen: { banner: /ready/ }, wrong: MISTRUST }),
  },
  route: {
    transport: 'own', options: () => ({}),
    serve: async () => ({
      options: { expectInterface: 'lo', expectSource: '127.0.0.1' }, seen: { interface: /^lo$/ },
      wrong: [[{ expectInterface: 'eth9' }, 'content', /leaves by lo/], [{ expectGateway: '192.0.2.1' }, 'content', /next hop/]], stop: async () => undefined,
    }),
  },
  smtp: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: async () => {
      const server = await MailServer.start(authority, { user: 'u', password: 'p' });
      return { options: { port: server.port, ...trusting }, measured: ['cert_expiry_seconds', 'chain_certificates'], seen: { tls_version: /^TLSv1/ }, wrong: MISTRUST, stop: () => server.stop() };
    },
  },
  snmp: {
    transport: 'udp', options: (_address, port) => ({ port, community: SECRET, tries: 1 }),
    serve: () => service(startSnmpd(), { oids: ['1.3.6.1.2.1.1.6.0', '1.3.6.1.2.1.1.3.0'], expect: 'room 4' }, {
      measured: ['oid_1_3_6_1_2_1_1_3_0'], seen: { '1.3.6.1.2.1.1.6.0': /^room 4$/ },
      wrong: [[{ expect: 'room 5' }, 'content', /room 4/], [{ max: 3 }, 'content', /not a number/], [{ oids: ['1.3.6.1.2.1.99.1.0'] }, 'content', /no such variable/], [{ community: 'other', tries: 1 }, 'timeout', /no answer/]],
    }),
  },
  ssh: {
    transport: 'tcp', options: (_address, port) => ({ port }),
    serve: () => service(startSshd(), { expect: 'OpenSSH' }, { seen: { software: /OpenSSH/ }, wrong: [[{ expect: 'dropbear' }, 'content', /dropbear/]] }),
  },
  stamp: { transport: 'udp', options: (_address, port) => ({ port, count: 2, spacing: 5 }), serve: serveStamp },
  tcp: { transport: 'tcp', options: (_address, port) => ({ port, expect: 'banner' }) },
  tls: { transport: 'tcp', options: (_address, port) => ({ port }), serve: serveTls },
  udp: {
    transport: 'udp', options: (_address, port) => ({ port, send: 'x' }),
    serve: () => service(startUdpEcho(), { send: 'hello', expect: 'HELLO', count: 3 }, { measured: ['rtt_median_seconds'], wrong: [[{ expect: 'hello' }, 'content', /does not contain/], [{ expectHex: '00' }, 'content', /does not contain/]] }),
  },
};

const authority = createTestAuthority();
const authorityFolder = mkdtempSync(path.join(os.tmpdir(), 'ww-probes-'));
const authorityFile = path.join(authorityFolder, 'ca.pem');
writeFileSync(authorityFile, authority.ca);
/** Options that trust the test's authority; without it, or under another name, each such service is a failure of TLS. */
const trusting = { tls: 'starttls', authority: authorityFile } as const;
const MISTRUST: NonNullable<Served['wrong']> = [[{ authority: undefined }, 'tls', /certificate/], [{ servername: 'other.example.test' }, 'tls', /not for other/], [{ expect: 'quite another' }, 'content', /does not contain/]];

function urlOf(address: string, port: number): string {
  return `http://user:${encodeURIComponent(SECRET)}@${net.isIPv6(address) ? `[${address}]` : address}:${port}/?token=${encodeURIComponent(SECRET)}`;
}

async function service(starting: Promise<Service>, options: Record<string, unknown>, more: Omit<Served, 'options' | 'stop'>): Promise<Served> {
  const { port, stop } = await starting;
  return { options: { port, ...options }, ...more, stop };
}

async function serveHttp(): Promise<Served> {
  const server = await TestHttpServer.start((request) =>
    request.path === '/moved' ? { status: 301, headers: { location: '/well' } }
    : { status: 200, headers: { 'content-type': 'application/json', 'x-served-by': 'one' }, body: '{"status":"ok","queue":[{"depth":3}],"__proto__":1}' });
  return {
    options: { url: `${server.url}/moved`, expectHeaders: { 'Content-Type': '^application/json', 'x-served-by': 'one|two' }, expectJson: [{ path: 'status', equals: 'ok' }, { path: 'queue.0.depth', min: 0, max: 10 }] },
    measured: ['connect_seconds', 'ttfb_seconds', 'body_seconds', 'redirects'],
    wrong: [
      [{ expectHeaders: { 'x-served-by': '^two$' } }, 'content', /x-served-by/], [{ expectHeaders: { 'x-none': '' } }, 'content', /missing/], [{ expectJson: [{ path: 'queue.0.depth', max: 2 }] }, 'content', /above 2/],
      [{ expectJson: [{ path: 'status.toString' }] }, 'content', /missing/], [{ refuseBody: '"status":"ok"' }, 'content', /contains/], [{ redirects: 0 }, 'content', /301/], [{ expectLocation: '/elsewhere' }, 'content', /points elsewhere/],
    ],
    stop: () => server.stop(),
  };
}

async function serveTls(): Promise<Served> {
  const server = tls.createServer({ cert: authority.cert, key: authority.key }, (socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    options: { port: (server.address() as AddressInfo).port, authority: authorityFile, servername: 'localhost' },
    measured: ['cert_expiry_seconds', 'chain_expiry_seconds', 'chain_certificates', 'tls_seconds'], seen: { certificate_names: /DNS:localhost/, certificate_chain: /localhost < Wirewatch test authority/, tls_version: /^TLSv1\.3$/ },
    wrong: [
      [{ authority: undefined }, 'tls', /certificate/], [{ servername: 'other.example.test' }, 'tls', /not for other/], [{ minDays: 30 }, 'tls', /ends in/], [{ fingerprint: '0'.repeat(64) }, 'tls', /pinned/],
      [{ authority: '/nonexistent' }, 'local', /authority/],
    ],
    stop: async () => void server.close(),
  };
}

async function serveHeartbeat(): Promise<Served> {
  const port = await freePort('tcp', '127.0.0.1');
  const options = { key: 'nightly-backup', port, within: 60 };
  const beat = async (tail: string, body?: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}/nightly-backup${tail}`, { method: 'POST', ...(body === undefined ? {} : { body }) })).status;
  // Nobody has beaten yet: that says nothing of the job.
  const before = await round('heartbeat', { address: 'job', family: 'any' }, options, 200);
  assert.equal(before.outcome.failure?.class, 'local');
  assert.equal((await fetch(`http://127.0.0.1:${port}/another-key`)).status, 404);
  assert.deepEqual([await beat('/start'), await beat('/fail', 'disk full')], [204, 204]);
  const failed = await round('heartbeat', { address: 'job', family: 'any' }, options, 200);
  assert.deepEqual([failed.outcome.failure?.class, failed.outcome.notes.message], ['content', 'disk full']);
  await beat('/start');
  await beat('');
  return { options, measured: ['beat_age_seconds', 'job_seconds'], stop: async () => undefined };
}

async function serveStamp(): Promise<Served> {
  const reflector = new StampReflector({ address: '127.0.0.1', port: 0, stateful: true }, () => BigInt(Date.now()) * 1_000_000n);
  const port = await reflector.start();
  return { options: { port, count: 20, spacing: 2 }, measured: ['forward_seconds', 'backward_seconds', 'rtt_p95_seconds', 'loss_high_ratio'], stop: async () => reflector.stop() };
}

const probes = types as readonly unknown[] as readonly ProbeDefinition[];
const stops: (() => Promise<void>)[] = [];
let runner: ProbeRunner;
before(() => {
  runner = new ProbeRunner(probes, nodeHost);
});
after(async () => {
  runner.close();
  for (const stop of stops) await stop();
  rmSync(authorityFolder, { recursive: true });
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
      if (bench?.transport === 'own') continue;
      if (bench !== null) {
        const { transport } = bench;
        test(`a port that refuses is "refused" over ${family}`, async () => {
          const ask = async (): ReturnType<typeof round> => await round(probe.name, { address, family }, bench.options(address, await freePort(transport as 'tcp' | 'udp', address)), 2000);
          let { outcome, said } = await ask();
          // The kernel limits its ICMP errors over all that run on the machine: the refusal of a datagram can be lost, but not every time.
          for (let again = 0; transport === 'udp' && again < 3 && outcome.failure?.class === 'timeout'; again++) ({ outcome, said } = await ask());
          assert.deepEqual([outcome.ok, outcome.failure?.class, outcome.received], [false, 'refused', 0], said);
          assertNoSecret(said);
        });

        test(`a port that is silent is told when the time is over, not later, over ${family}`, async () => {
          const { outcome, ms, said } = await round(probe.name, { address, family }, bench.options(address, await silentPort(transport as 'tcp' | 'udp', address)), 400);
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

    if (bench?.serve !== undefined) {
      test('a real server in good order is well, and what is wrong with it is said by its class', async () => {
        const served = await bench.serve!();
        stops.push(served.stop);
        const target = { address: '127.0.0.1', family: 'ipv4' } as const;
        const { outcome, said } = await round(probe.name, target, served.options, 4000);
        assert.deepEqual([outcome.ok, outcome.failure, outcome.sent > 0, outcome.received > 0], [true, null, true, true], said);
        for (const name of served.measured ?? []) assert.ok(Number.isFinite(outcome.measurements[name]), `${name} in ${said}`);
        for (const [name, pattern] of Object.entries(served.seen ?? {})) assert.match(outcome.notes[name] ?? '', pattern);
        for (const [change, failure, message] of served.wrong ?? []) {
          const bad = await round(probe.name, target, { ...served.options, ...change }, 1500);
          assert.deepEqual([bad.outcome.ok, bad.outcome.failure?.class], [false, failure], bad.said);
          assert.match(bad.outcome.failure!.message, message);
        }
      });
    }

    if (bench !== null && bench.transport !== 'own') {
      test('another source address, and the interface, can be chosen; one that this machine lacks is its own fault', async () => {
        const port = await freePort(bench.transport as 'tcp' | 'udp', '127.0.0.1');
        for (const [way, failure] of [[{ source: '127.0.0.9' }, 'refused'], [{ interface: 'lo' }, 'refused'], [{ source: '192.0.2.77' }, 'local'], [{ source: '::1' }, 'local'], [{ interface: 'nosuch9' }, 'local']] as const) {
          const { outcome, said } = await round(probe.name, { address: '127.0.0.1', family: 'ipv4' }, { ...bench.options('127.0.0.1', port), ...way }, 2000);
          assert.equal(outcome.failure?.class, failure, `${JSON.stringify(way)}: ${said}`);
        }
      });
    }

    if (probe.name === 'link' || probe.name === 'heartbeat') return;
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

  });

  describe(`${probe.name}, as it is told`, () => {
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
