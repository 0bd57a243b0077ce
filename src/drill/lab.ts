import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { WirewatchError } from '../base/errors.ts';

/** One end of a link: which host, and its addresses with prefix lengths. */
export interface LabEnd {
  readonly host: string;
  readonly device: string;
  readonly addresses: readonly string[];
}

/**
 * A small network of hosts that are network namespaces of this machine, joined by veth pairs: a place for real faults.
 *
 * Needs root. Everything is gone after `destroy()`; the names carry `prefix`, so that labs do not meet.
 */
export class Lab {
  readonly prefix: string;
  readonly #hosts = new Set<string>();
  readonly #children = new Set<ChildProcess>();
  #links = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Name of the namespace of a host, as `ip netns` knows it. */
  namespace(host: string): string {
    return `${this.prefix}-${host}`;
  }

  addHost(host: string): void {
    this.#ip(['netns', 'add', this.namespace(host)]);
    this.#hosts.add(host);
    this.run(host, ['ip', 'link', 'set', 'lo', 'up']);
    // Addresses are usable at once: no duplicate address detection in a network of two.
    this.run(host, ['sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.accept_dad=0']);
  }

  addRouter(host: string): void {
    this.addHost(host);
    this.run(host, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  }

  /** Joins two hosts by a cable. Offloads are off, so that a capture shows packets of the size that a wire would carry. */
  link(a: LabEnd, b: LabEnd): void {
    const serial = this.#links++;
    const [endA, endB] = [`wl${process.pid % 100_000}a${serial}`, `wl${process.pid % 100_000}b${serial}`];
    this.#ip(['link', 'add', endA, 'type', 'veth', 'peer', 'name', endB]);
    for (const [end, { host, device, addresses }] of [[endA, a], [endB, b]] as const) {
      this.#ip(['link', 'set', end, 'netns', this.namespace(host), 'name', device]);
      for (const address of addresses) this.run(host, ['ip', 'address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : [])]);
      this.run(host, ['ip', 'link', 'set', 'dev', device, 'up']);
      spawnSync('ip', ['netns', 'exec', this.namespace(host), 'ethtool', '-K', device, 'tx', 'off', 'rx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'], { stdio: 'ignore' });
    }
  }

  /** Default routes, one for each gateway given (either family). */
  route(host: string, ...gateways: readonly string[]): void {
    for (const gateway of gateways) this.run(host, ['ip', gateway.includes(':') ? '-6' : '-4', 'route', 'add', 'default', 'via', gateway]);
  }

  /** Runs a command on a host to its end and returns what it printed. */
  run(host: string, argv: readonly string[], timeoutMs = 20_000): string {
    const run = spawnSync('ip', ['netns', 'exec', this.namespace(host), ...argv], { encoding: 'utf8', timeout: timeoutMs });
    if (run.status !== 0) {
      throw new WirewatchError('WW_DRILL', `on the lab's host ${host}: ${argv.join(' ')}: ${(run.stderr || run.error?.message || `exit code ${run.status}`).trim()}`, {
        remedy: 'a lab needs root (CAP_NET_ADMIN, CAP_SYS_ADMIN) and the package iproute2',
      });
    }
    return run.stdout;
  }

  /** Starts a command on a host; it ends with the lab at the latest. */
  start(host: string, argv: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly stdio?: 'ignore' | 'pipe' | 'inherit' } = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.namespace(host), ...argv], { stdio: options.stdio ?? 'ignore', env: options.env ?? process.env });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Ends what was started and removes every host with its links. */
  async destroy(): Promise<void> {
    const ending = [...this.#children].map((child) => new Promise<void>((done) => {
      const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
      child.once('exit', () => {
        clearTimeout(hard);
        done();
      });
      child.kill('SIGTERM');
    }));
    await Promise.all(ending);
    for (const host of this.#hosts) spawnSync('ip', ['netns', 'delete', this.namespace(host)], { stdio: 'ignore' });
    this.#hosts.clear();
  }

  #ip(argv: readonly string[]): void {
    const run = spawnSync('ip', argv, { encoding: 'utf8' });
    if (run.error !== undefined) throw new WirewatchError('WW_DRILL', `ip cannot be run: ${run.error.message}`, { remedy: 'install the package iproute2' });
    if (run.status !== 0) {
      throw new WirewatchError('WW_DRILL', `ip ${argv.join(' ')}: ${run.stderr.trim()}`, { remedy: 'a lab needs root (CAP_NET_ADMIN, CAP_SYS_ADMIN)' });
    }
  }
}
