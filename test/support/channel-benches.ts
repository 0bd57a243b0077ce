// For each kind of channel: what stands against it in the tests, as real as it can be had, in each situation that it can meet.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { SendResult } from '../../src/notify/define-channel.ts';
import { TestHttpServer, type Answer } from './http-server.ts';
import { MailServer } from './mail-server.ts';
import type { TestAuthority } from './test-authority.ts';
import { TRACKERS } from './trackers.ts';
import { VENDORS, type Vendor } from './vendors.ts';

export type Situation = 'works' | 'wrong secret' | 'limited' | 'broken' | 'refused' | 'nobody' | 'mute';

/** What must come of an attempt in each situation, whichever the channel. */
export const OUTCOMES: Readonly<Record<Situation, SendResult['outcome']>> = {
  works: 'delivered', 'wrong secret': 'permanent', limited: 'retry', broken: 'retry', refused: 'permanent', nobody: 'retry', mute: 'retry',
};

export type Track = (stop: () => Promise<void> | void) => void;

export interface Bench {
  readonly secret: string;
  readonly situations: readonly Situation[];
  /** The receiver's own wish for a pause, where it is limited and says one. */
  readonly retryAfterMs?: number;
  /** Sets the situation up and returns the options that lead there. */
  options(situation: Situation, track: Track, authority: TestAuthority): Promise<Record<string, unknown>>;
}

const SECRET = 'S3cr3t-tÖken/with+odd=chars-9911';
const ALL: readonly Situation[] = ['works', 'wrong secret', 'limited', 'broken', 'refused', 'nobody', 'mute'];

/** A port where nobody listens, and one where somebody takes the connection and says nothing. */
async function portFor(situation: 'nobody' | 'mute', track: Track): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  if (situation === 'nobody') await close();
  else track(close);
  return port;
}

function vendorBench(vendor: Vendor): Bench {
  return {
    secret: vendor.secret, situations: ALL, retryAfterMs: 7000,
    async options(situation, track) {
      if (situation === 'nobody' || situation === 'mute') return vendor.options(`http://127.0.0.1:${await portFor(situation, track)}`);
      const rules = vendor.serve(situation === 'wrong secret' ? `another${vendor.secret}`.slice(0, vendor.secret.length) : vendor.secret, []);
      const server = await TestHttpServer.start((r) => (situation === 'works' || situation === 'wrong secret' ? rules(r) : vendor.errors[situation](vendor.secret)));
      track(() => server.stop());
      return vendor.options(server.url);
    },
  };
}

const HTTP: Readonly<Record<Exclude<Situation, 'nobody' | 'mute'>, Answer>> = {
  works: { status: 200, body: 'ok' }, 'wrong secret': { status: 403, body: `invalid token ${SECRET}` }, limited: { status: 429, headers: { 'retry-after': '7' }, body: `slow down ${SECRET}` },
  broken: { status: 503, body: `upstream ${SECRET} is gone` }, refused: { status: 400, body: `cannot read ${SECRET}` },
};

function httpBench(options: (url: string) => Record<string, unknown>): Bench {
  return {
    secret: SECRET, situations: ALL, retryAfterMs: 7000,
    async options(situation, track) {
      if (situation === 'nobody' || situation === 'mute') return options(`http://127.0.0.1:${await portFor(situation, track)}`);
      const server = await TestHttpServer.start(() => HTTP[situation]);
      track(() => server.stop());
      return options(server.url);
    },
  };
}

const smtp: Bench = {
  secret: SECRET, situations: ALL,
  async options(situation, track, authority) {
    const login = { host: '127.0.0.1', ca: authority.ca, user: 'u', password: SECRET, from: 'a@example.test', to: ['b@example.test'] };
    if (situation === 'nobody' || situation === 'mute') return { ...login, port: await portFor(situation, track) };
    const say = (code: number) => (_address: unknown, _session: unknown, callback: (error?: Error) => void) =>
      callback(Object.assign(new Error(`no, ${SECRET}`), { responseCode: code }));
    const over = situation === 'limited' ? { onMailFrom: say(450) } : situation === 'broken' ? { onMailFrom: say(451) } : situation === 'refused' ? { onRcptTo: say(550) } : {};
    const server = await MailServer.start(authority, { user: 'u', password: situation === 'wrong secret' ? 'another' : SECRET }, over);
    track(() => server.stop());
    return { ...login, port: server.port };
  },
};

/** A program that reads its message and ends as sysexits.h has it. */
const command: Bench = {
  secret: SECRET, situations: ['works', 'wrong secret', 'limited', 'broken', 'refused', 'mute'],
  options(situation, track) {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'ww-command-'));
    track(() => rmSync(dir, { recursive: true }));
    const program = path.join(dir, 'program');
    const codes: Partial<Record<Situation, number>> = { works: 0, 'wrong secret': 77, limited: 75, broken: 1, refused: 65 };
    writeFileSync(program, `#!/bin/sh\ngrep -q '"subject"' || exit 70\necho "as $TOKEN"\n${situation === 'mute' ? 'sleep 60' : `exit ${codes[situation]}`}\n`);
    chmodSync(program, 0o755);
    return Promise.resolve({ argv: [program], env: { TOKEN: SECRET } });
  },
};

/** A collector that takes what comes, over TCP. */
const syslog: Bench = {
  secret: SECRET, situations: ['works', 'nobody', 'mute'],
  async options(situation, track) {
    if (situation !== 'works') return { host: '127.0.0.1', transport: 'tcp', port: await portFor(situation === 'mute' ? 'mute' : 'nobody', track) };
    const server = net.createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    track(() => void server.close());
    return { host: '127.0.0.1', transport: 'tcp', port: (server.address() as AddressInfo).port };
  },
};

/** A modem on a pseudo terminal; `said` gets what it sent. */
export async function startModem(mode: string, track: Track, said: string[] = []): Promise<string> {
  const child = spawn('python3', [path.join(import.meta.dirname, 'pty-modem.py'), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  track(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    said.splice(0, said.length, ...text.trim().split('\n').slice(1));
  });
  while (!text.includes('\n')) await once(child.stdout, 'data');
  return text.split('\n')[0];
}

const modem: Bench = {
  secret: '48151623', situations: ['works', 'wrong secret', 'limited', 'broken', 'refused', 'mute'],
  async options(situation, track) {
    const modes: Partial<Record<Situation, string>> = { works: 'works', 'wrong secret': 'wrong-pin', limited: 'congested', broken: 'out-of-order', refused: 'barred', mute: 'mute' };
    return { device: await startModem(modes[situation] ?? '', track), to: '+491701234567', pin: modem.secret };
  },
};

/** The journal answers in a place of its own: journal.test.ts. */
const journal: Bench = { secret: SECRET, situations: [], options: () => Promise.resolve({}) };

export const BENCHES: Readonly<Record<string, Bench>> = {
  smtp, command, syslog, modem, journal,
  slack: httpBench((url) => ({ url: `${url}/services/${encodeURIComponent(SECRET)}` })),
  webhook: httpBench((url) => ({ url: `${url}/hook`, secret: SECRET, headers: { authorization: `Bearer ${encodeURIComponent(SECRET)}` } })),
  ...Object.fromEntries(Object.entries({ ...VENDORS, ...TRACKERS }).map(([name, vendor]) => [name, vendorBench(vendor)])),
};
