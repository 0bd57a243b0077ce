// A world in which processes of the real program are killed: a monitor and a site in network namespaces, a mail server that can
// keep its answers back, an action whose steps wait for the test, and something that starts the program again, as systemd does.
import { spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, type Client } from '../../src/cli/client.ts';
import { createDrillCa } from '../../src/drill/drill-ca.ts';
import { Lab } from '../../src/drill/lab.ts';
import { JsonLines } from '../../src/drill/line-reader.ts';

export interface HeldMail {
  readonly id: string;
  readonly subject: string;
  readonly delivery: string;
  readonly at: number;
}

export const PROCESSES = ['main', 'store', 'prober', 'capture'] as const;
export type ProcessName = (typeof PROCESSES)[number];

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'src/cli/main.ts');
const ENTRIES: Readonly<Record<Exclude<ProcessName, 'main'>, string>> = { store: 'store-process.', prober: 'prober-process.', capture: 'capture-process.' };

/** Appends what it does to `log`, waits for its gate, has its effect. Arguments: step, target. */
const ACT = `#!/bin/sh
echo "$1 begin $2" >> log
until [ -e "gate-$1" ]; do sleep 0.05; done
case $1 in execute) : > "applied-$2" ;; revert) rm -f "applied-$2" ;; esac
echo "$1 end $2" >> log
`;

export class KillLab {
  readonly dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-kill-'));
  readonly data = path.join(this.dir, 'data');
  readonly lab = new Lab(`ww-kill-${process.pid}`);
  readonly client: Client = createClient(this.data);
  readonly killed: { readonly name: ProcessName; readonly at: number; readonly when: string }[] = [];
  output = '';
  mails!: JsonLines<HeldMail>;
  #mail!: ChildProcess;
  #main: ChildProcess | undefined;
  #wanted = false;

  start(): void {
    const { lab, dir } = this;
    for (const host of ['mon', 'site']) lab.addHost(host);
    lab.link(
      { host: 'mon', device: 'eth0', addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
      { host: 'site', device: 'eth0', addresses: ['192.0.2.4/24', '192.0.2.11/24', '192.0.2.12/24', '192.0.2.25/24', '2001:db8::6/64', '2001:db8::13/64'] },
    );
    const mail = createDrillCa(path.join(dir, 'ca'));
    const { keyFile, certFile } = mail.issue('mail', ['192.0.2.25']);
    this.#mail = lab.start('site', [process.execPath, path.join(ROOT, 'test/support/holding-mail-sink.ts'), '192.0.2.25', '2525', keyFile, certFile], { stdio: 'pipe' });
    this.mails = new JsonLines<HeldMail>(this.#mail);
    const act = path.join(dir, 'act');
    writeFileSync(act, ACT);
    chmodSync(act, 0o755);
    const check = '{ type: icmp, interval: 1s, timeout: 400ms, options: { count: 2, spacing: 20 }, hysteresis: { failAfter: 2, recoverAfter: 1, recheckInterval: 200ms } }';
    writeFileSync(path.join(dir, 'kill.yaml'), `
version: 1
listen: { port: 0 }
capture: { interfaces: [eth0] }
tracing: { enabled: false }
evidence: { before: 20s, after: 2s }
targets:
  - { id: web4, name: Web4, address: 192.0.2.4, trace: false, checks: [${check}] }
  - { id: web6, name: Web6, address: "2001:db8::6", trace: false, checks: [${check}] }
anchors: [{ address: 192.0.2.11, operator: a }, { address: 192.0.2.12, operator: b }, { address: "2001:db8::13", operator: c }]
channels:
  mail: &mail { type: smtp, host: 192.0.2.25, port: 2525, tls: starttls, caFile: ${mail.caFile}, from: w@example.test, to: [you@example.test] }
  # A queue of its own, so that what is told of actions is no part of a digest of outages.
  aside: *mail
alerting:
  route: { receiver: default, groupBy: [target], groupWait: 1s, groupInterval: 1s, repeatInterval: 1h, routes: [{ matchers: ['alertname=~"action-.*"'], receiver: aside }] }
  receivers: { default: { channels: [mail], deadline: 1h }, aside: { channels: [aside], deadline: 1h } }
actions:
  policy: { mode: auto, maxRuns: 1000, cooldown: 100ms }
  rules:
    - { id: mend, action: run-command, matchers: ['alertname="check-down"'], options: { argv: [${act}, execute, "{{target}}"], revert: [${act}, revert, "{{target}}"], allow: [${act}], cwd: ${dir}, settleMs: 50 } }
`, { mode: 0o600 });
    this.open('execute');
    this.open('revert');
    this.again();
  }

  /** Starts the program, and again whenever it is killed, until `stop`. */
  again(): void {
    this.#wanted = true;
    this.#spawn();
  }

  /** The target stops answering; everything else goes on. */
  fault(): void {
    this.lab.run('site', ['nft', 'add table inet fault; add chain inet fault in { type filter hook input priority 0 ; }; add rule inet fault in ip daddr 192.0.2.4 icmp type echo-request drop; add rule inet fault in ip6 daddr 2001:db8::6 icmpv6 type echo-request drop']);
  }

  heal(): void {
    this.lab.run('site', ['nft', 'delete', 'table', 'inet', 'fault']);
  }

  hold(): void {
    this.#mail.stdin?.write('hold\n');
  }

  release(): void {
    this.#mail.stdin?.write('release\n');
  }

  /** A step of the action may end (or begins and waits, where closed). */
  open(step: 'execute' | 'revert'): void {
    writeFileSync(path.join(this.dir, `gate-${step}`), '');
  }

  close(step: 'execute' | 'revert'): void {
    rmSync(path.join(this.dir, `gate-${step}`), { force: true });
  }

  /** Lines that the action's steps left, and the targets on which it is in effect. */
  get acts(): string[] {
    const log = path.join(this.dir, 'log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  }

  get applied(): string[] {
    return readdirSync(this.dir).filter((name) => name.startsWith('applied-'));
  }

  /** Number of a process of the running program; undefined while there is none. */
  pid(name: ProcessName): number | undefined {
    const main = this.#main?.exitCode === null && this.#main.signalCode === null ? this.#main.pid : undefined;
    if (main === undefined || name === 'main') return main;
    try {
      const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').filter((s) => s !== '').map(Number);
      return children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(ENTRIES[name]));
    } catch {
      return undefined;
    }
  }

  /** Kills a process of the program if it runs; says whether it did. */
  kill(name: ProcessName, when: string): boolean {
    const pid = this.pid(name);
    if (pid === undefined) return false;
    process.kill(pid, 'SIGKILL');
    this.killed.push({ name, at: Date.now(), when });
    return true;
  }

  /** Kills each process in turn, main as the last, and waits until each is there again. */
  async killEach(when: string): Promise<void> {
    for (const name of ['store', 'prober', 'capture', 'main'] as const) {
      const before = await this.until(`${name} runs`, () => this.pid(name));
      this.kill(name, when);
      if (name === 'main') await this.until('the next life answers', async () => (await this.client.get<{ pid?: number }>('/health'), this.pid('main') !== before ? true : undefined));
    }
  }

  /** Waits for what `look` finds; what it throws (nobody answers just now) counts as nothing. */
  async until<T>(what: string, look: () => Promise<T | undefined> | T | undefined, withinMs = 60_000): Promise<T> {
    let trouble = '';
    for (const end = Date.now() + withinMs; Date.now() < end; await wait(40)) {
      try {
        const found = await look();
        if (found !== undefined) return found;
      } catch (error) {
        trouble = String(error);
      }
    }
    throw new Error(`not within ${withinMs / 1000} s: ${what}\n${trouble}\nkilled: ${this.killed.map((k) => `${k.name} (${k.when})`).join(', ')}\n${this.output.slice(-6000)}`);
  }

  /** Ends the program as an operator does; returns its exit code. */
  async stop(): Promise<number | null> {
    this.#wanted = false;
    const main = this.#main;
    if (main === undefined || main.exitCode !== null) return main?.exitCode ?? null;
    const gone = new Promise<number | null>((done) => main.once('exit', done));
    main.kill('SIGTERM');
    return await gone;
  }

  /** A command of the program on its data folder. */
  wirewatch(...args: string[]): { readonly status: number | null; readonly out: string } {
    const run = spawnSync(process.execPath, [MAIN, '--data', this.data, ...args], { encoding: 'utf8', timeout: 60_000 });
    return { status: run.status, out: run.stdout + run.stderr };
  }

  async destroy(): Promise<void> {
    this.#wanted = false;
    this.#main?.kill('SIGKILL');
    await this.lab.destroy();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #spawn(): void {
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
    const main = this.lab.start('mon', [process.execPath, MAIN, '--data', this.data, 'run', '--config', path.join(this.dir, 'kill.yaml')], { stdio: 'pipe' });
    this.#main = main;
    for (const stream of [main.stdout, main.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    main.once('exit', () => {
      if (this.#wanted) this.#spawn();
    });
  }
}
