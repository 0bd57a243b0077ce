import net from 'node:net';
import type { Host } from '../base/host.ts';
import { WirewatchError } from '../base/errors.ts';
import { NS_PER_SECOND, type Nanos } from '../base/time.ts';
import { clockRealtime, openIcmpSocket } from '../native/icmp-socket.ts';
import { failure, type EchoAnswer, type EchoBurst, type ProbeContext, type ProbeDefinition, type ProbeOutcome, type ProbeTarget, type Resolution } from './define-probe.ts';
import { addressBytes, IcmpEngine } from './icmp-engine.ts';
import { pingByCommand } from './ping-command.ts';
import type { IcmpMode } from './prober-messages.ts';
import { resolveTarget } from './resolve.ts';

/** Runs single rounds: owns the ICMP sockets, knows the kinds of probes. */
export class ProbeRunner {
  readonly #host: Host;
  readonly #probes: ReadonlyMap<string, ProbeDefinition>;
  readonly #engines: { 4: IcmpEngine | null; 6: IcmpEngine | null } = { 4: null, 6: null };
  readonly modes: { v4: IcmpMode; v6: IcmpMode; remedy: string | null };

  constructor(probes: readonly ProbeDefinition[], host: Host) {
    this.#host = host;
    this.#probes = new Map(probes.map((p) => [p.name, p]));
    const modes: { v4: IcmpMode; v6: IcmpMode; remedy: string | null } = { v4: 'ping', v6: 'ping', remedy: null };
    for (const family of [4, 6] as const) {
      try {
        this.#engines[family] = new IcmpEngine(openIcmpSocket(family));
        modes[`v${family}`] = this.#engines[family].mode as IcmpMode;
      } catch (error) {
        if (!(error instanceof WirewatchError)) throw error;
        modes.remedy ??= error.remedy ?? null;
      }
    }
    this.modes = modes;
  }

  close(): void {
    this.#engines[4]?.close();
    this.#engines[6]?.close();
  }

  async run(probe: string, target: ProbeTarget, options: unknown, timeoutMs: number, signal: AbortSignal, log: (text: string) => void = () => undefined): Promise<ProbeOutcome> {
    const definition = this.#probes.get(probe);
    if (definition === undefined) throw new WirewatchError('WW_PROBE_OPTION', `there is no probe "${probe}"`, { remedy: `known: ${[...this.#probes.keys()].join(', ')}` });
    const parsed = definition.options.safeParse(options);
    if (!parsed.success) throw new WirewatchError('WW_PROBE_OPTION', `options of ${probe}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
    const ctx: ProbeContext = {
      host: this.#host, timeoutMs, signal, log,
      resolve: async (t): Promise<Resolution> => {
        const resolved = await resolveTarget(t, timeoutMs);
        log('failure' in resolved ? `look-up of ${t.address}: ${resolved.failure.message}` : `look-up of ${t.address}: ${resolved.addresses.map((a) => a.address).join(', ')}`);
        return resolved;
      },
      echo: (address, family, burst) => this.echo(address, family, burst, signal),
      monotonicNs: () => process.hrtime.bigint(),
      wallNs: realtimeNs,
    };
    return await definition.run(ctx, target, parsed.data);
  }

  echo(address: string, family: 4 | 6, burst: EchoBurst, signal: AbortSignal): Promise<EchoAnswer> {
    if (burst.via?.source !== undefined || burst.via?.interface !== undefined) return this.#echoVia(address, family, burst, signal, burst.via);
    return this.#engines[family]?.echo(address, burst, signal) ?? pingByCommand(address, family, burst, signal);
  }

  /** The same by a way of its own: a socket that is bound to it, for this burst. */
  async #echoVia(address: string, family: 4 | 6, burst: EchoBurst, signal: AbortSignal, via: NonNullable<EchoBurst['via']>): Promise<EchoAnswer> {
    let engine: IcmpEngine;
    try {
      const source = via.source === undefined ? undefined : addressBytes(via.source);
      if (via.source !== undefined && net.isIP(via.source) !== family) throw new WirewatchError('WW_PROBE_OPTION', `the source ${via.source} is not an IPv${family} address`);
      engine = new IcmpEngine(openIcmpSocket(family, { ...(via.interface === undefined ? {} : { interface: via.interface }), ...(source === undefined ? {} : { source }) }));
    } catch (error) {
      return { rttNs: Array.from({ length: burst.count }, () => null), failure: failure('local', (error as Error).message), method: 'none' };
    }
    try {
      return await engine.echo(address, burst, signal);
    } finally {
      engine.close();
    }
  }

  /** Does the host answer at all: two echo requests, or a connection to a port. For anchors, gateways and parents. */
  async answers(address: string, method: 'icmp' | 'tcp', port: number | undefined, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const resolved = await resolveTarget({ address, family: 'any' }, timeoutMs);
    if ('failure' in resolved) return false;
    const { address: ip, family } = resolved.addresses[0];
    if (method === 'icmp') {
      const answer = await this.echo(ip, family, { count: 2, spacingMs: 50, timeoutMs, size: 56 }, signal);
      return answer.rttNs.some((r) => r !== null);
    }
    return await connects(ip, port ?? 443, timeoutMs);
  }

  /** Does anything live there: a connection that succeeds or is refused. The second method before DOWN is said. */
  async lives(address: string, timeoutMs: number): Promise<string> {
    const outcomes = await Promise.all([443, 80, 22].map(async (port) => ((await connects(address, port, timeoutMs, true)) ? port : null)));
    const heard = outcomes.filter((p) => p !== null);
    return heard.length > 0 ? `TCP port ${heard.join(', ')} answers` : 'TCP ports 443, 80 and 22 are silent too';
  }
}

function connects(address: string, port: number, timeoutMs: number, refusalCounts = false): Promise<boolean> {
  return new Promise((done) => {
    const socket = net.connect({ host: address, port });
    const finish = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      done(answer);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.once('connect', () => finish(true));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(refusalCounts && error.code === 'ECONNREFUSED'));
  });
}

/** A round that broke the probe's own rules: a bug here, not the target's fault. */
export function brokenOutcome(error: unknown): ProbeOutcome {
  return { ok: false, failure: failure('local', error instanceof Error ? error.message : String(error)), sent: 0, received: 0, rttNs: [], measurements: {}, notes: {} };
}

/** The wall clock to the nanosecond as it stands now: it may step. */
export function realtimeNs(): Nanos {
  const now = clockRealtime();
  return BigInt(now.seconds) * NS_PER_SECOND + BigInt(now.nanoseconds);
}

let anchorNs: { wall: Nanos; monotonic: bigint } | undefined;

/** The wall clock in nanoseconds that never steps back within this process: it is read once a minute and carried on monotonically. */
export function wallClock(): Nanos {
  const monotonic = process.hrtime.bigint();
  if (anchorNs === undefined || monotonic - anchorNs.monotonic > 60n * NS_PER_SECOND) {
    const wall = BigInt(Date.now()) * 1_000_000n;
    const carried = anchorNs === undefined ? wall : anchorNs.wall + (monotonic - anchorNs.monotonic);
    anchorNs = { wall: wall > carried ? wall : carried, monotonic };
  }
  return anchorNs.wall + (monotonic - anchorNs.monotonic);
}
