// The world of seed 002 as namespaces: a monitor behind a router, the hosts 8.8.8.8 and 1.1.1.1 (with their IPv6 twins), and a
// submission server that is smtp.example.com under a certificate authority of the test.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { createDrillCa } from '../../src/drill/drill-ca.ts';
import { Lab } from '../../src/drill/lab.ts';
import { JsonLines } from '../../src/drill/line-reader.ts';

export interface SunkMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly tls: boolean;
  readonly user: string;
  readonly receivedAt: string;
  readonly raw: string;
  readonly listening?: number;
}

const root = path.resolve(import.meta.dirname, '../..');

export class SeedNetwork {
  readonly lab: Lab;
  readonly dir: string;
  readonly caFile: string;
  readonly #mailFiles: { keyFile: string; certFile: string };
  mails!: JsonLines<SunkMail>;
  #mailServer: ChildProcess | null = null;

  constructor(dir: string, name: string) {
    this.dir = dir;
    this.lab = new Lab(`ww-${name}-${process.pid}`);
    const ca = createDrillCa(path.join(dir, 'ca'));
    this.caFile = ca.caFile;
    this.#mailFiles = ca.issue('mail', ['smtp.example.com']);
  }

  /** Hosts with addresses of both families; the monitor finds smtp.example.com in its own hosts file. */
  start(): void {
    const { lab } = this;
    lab.addRouter('gate');
    for (const host of ['mon', 'google', 'cloudflare', 'mail']) lab.addHost(host);
    lab.link({ host: 'mon', device: 'eth0', addresses: ['192.168.7.2/24', 'fd07::2/64'] }, { host: 'gate', device: 'lan', addresses: ['192.168.7.1/24', 'fd07::1/64'] });
    lab.link({ host: 'google', device: 'eth0', addresses: ['8.8.8.8/24', '2001:db8:8::8/64'] }, { host: 'gate', device: 'to-google', addresses: ['8.8.8.1/24', '2001:db8:8::1/64'] });
    lab.link({ host: 'cloudflare', device: 'eth0', addresses: ['1.1.1.1/24', '2001:db8:1::1/64'] }, { host: 'gate', device: 'to-cloud', addresses: ['1.1.1.2/24', '2001:db8:1::2/64'] });
    lab.link({ host: 'mail', device: 'eth0', addresses: ['192.0.2.25/24'] }, { host: 'gate', device: 'to-mail', addresses: ['192.0.2.1/24'] });
    lab.route('mon', '192.168.7.1', 'fd07::1');
    lab.route('google', '8.8.8.1', '2001:db8:8::1');
    lab.route('cloudflare', '1.1.1.2', '2001:db8:1::2');
    lab.route('mail', '192.0.2.1');
    const etc = this.#etc;
    mkdirSync(etc, { recursive: true });
    writeFileSync(path.join(etc, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n192.0.2.25 smtp.example.com\n');
    writeFileSync(path.join(etc, 'resolv.conf'), 'nameserver 192.0.2.53\noptions timeout:1 attempts:1\n');
    this.startMail();
  }

  get #etc(): string {
    return path.join('/etc/netns', this.lab.namespace('mon'));
  }

  startMail(): void {
    this.#mailServer = this.lab.start('mail', [process.execPath, path.join(root, 'src/drill/mail-sink.ts'), '192.0.2.25', '587', this.#mailFiles.keyFile, this.#mailFiles.certFile, 'alert@example.com', 'password'], { stdio: 'pipe' });
    this.mails = new JsonLines<SunkMail>(this.#mailServer);
  }

  stopMail(): void {
    this.#mailServer?.kill('SIGTERM');
  }

  /** Everything to this host is dropped, or a share of it. */
  fault(host: string, dropPercent = 100): void {
    const rule = dropPercent === 100 ? 'counter drop' : `numgen random mod 100 < ${dropPercent} counter drop`;
    this.lab.run(host, ['nft', `add table inet fault; add chain inet fault in { type filter hook input priority 0 ; }; add rule inet fault in icmp type echo-request ${rule}; add rule inet fault in icmpv6 type echo-request ${rule}${dropPercent === 100 ? '; add rule inet fault in meta l4proto { tcp, udp } drop' : ''}`]);
  }

  heal(host: string): void {
    this.lab.run(host, ['nft', 'delete', 'table', 'inet', 'fault']);
  }

  /** Starts the program on the monitor with a configuration file. */
  wirewatch(configFile: string, dataDir: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
    return this.lab.start('mon', [process.execPath, path.join(root, 'src/cli/main.ts'), '--data', dataDir, 'run', '--config', configFile], {
      stdio: 'pipe', env: { ...process.env, NODE_EXTRA_CA_CERTS: this.caFile, ...env },
    });
  }

  async destroy(): Promise<void> {
    await this.lab.destroy();
    rmSync(this.#etc, { recursive: true, force: true });
  }
}
