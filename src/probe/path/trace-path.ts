import { randomInt } from 'node:crypto';
import { WirewatchError } from '../../base/errors.ts';
import { formatIp, ipHex } from '../../base/ip.ts';
import type { Nanos } from '../../base/time.ts';
import { openIcmpSocket, openTransportSocket, type EchoReply, type IcmpSocket } from '../../native/icmp-socket.ts';
import { localEndpoint } from '../../native/local-endpoint.ts';
import type { PathHop, PathTrace, TargetId } from '../../model/index.ts';
import { addressBytes } from '../icmp-engine.ts';
import type { Via } from '../via.ts';
import { icmpMethod } from './icmp-method.ts';
import { pathIdentity } from './path-identity.ts';
import { tcpMethod } from './tcp-method.ts';
import type { TraceMethod } from './trace-method.ts';
import { udpMethod } from './udp-method.ts';

export interface TraceOptions {
  readonly maxHops: number;
  /** Probes to each hop. */
  readonly probes: number;
  readonly timeoutMs: number;
  /** `icmp` where it is left out. */
  readonly method?: TraceMethod['name'] | undefined;
  /** Port of UDP (33434) and TCP (443). */
  readonly port?: number | undefined;
  readonly via?: Via | undefined;
}

const ECHO_REPLY = { 4: 0, 6: 129 } as const;
const TIME_EXCEEDED = { 4: 11, 6: 3 } as const;
const UNREACHABLE = { 4: 3, 6: 1 } as const;
const PORTS = { udp: 33_434, tcp: 443 } as const;
/** Hops that are probed at once: quick, and gentle on rate limits. */
const WINDOW = 6;
/** So many silent hops in a row end the trace: behind a firewall there is nothing to hear. */
const MAX_SILENT = 6;
/** After so many rounds that did not reach the target it is looked for anew, farther away too. */
const MAX_MISSED = 5;
/** Numbers of probes: never 0, and never so soon again that a late answer is taken for another. */
const FIRST_SEQ = 0x1000;
const LAST_SEQ = 0xefff;

interface Sent {
  readonly ttl: number;
  readonly probe: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Traces one path, again and again as one flow. */
export interface PathTracer {
  trace(targetId: TargetId, time: Nanos, signal: AbortSignal): Promise<PathTrace>;
  close(): void;
}

/**
 * Opens a flow-stable (Paris) tracer: what routers share load by is the same in every probe and every round, so all of them go the
 * same way. The caller closes it.
 *
 * @throws {WirewatchError} WW_PROBE_PRIVILEGE without a raw socket: time-exceeded messages are not shown to others.
 */
export function openTracer(address: string, family: 4 | 6, options: TraceOptions): PathTracer {
  const bytes = addressBytes(address);
  if (bytes === undefined) throw new WirewatchError('WW_ARGUMENT', `not an address: ${address}`);
  const source = options.via?.source === undefined ? undefined : addressBytes(options.via.source);
  if (options.via?.source !== undefined && source?.length !== bytes.length) throw new WirewatchError('WW_ARGUMENT', `the source ${options.via.source} is not an IPv${family} address`);
  const way = { ...(source === undefined ? {} : { source }), ...(options.via?.interface === undefined ? {} : { interface: options.via.interface }) };
  const errors = openIcmpSocket(family, { errors: true, ...way });
  try {
    return new Tracer(errors, openMethod(errors, bytes, family, options, way), bytes, address, options);
  } catch (error) {
    errors.close();
    throw error;
  }
}

function openMethod(errors: IcmpSocket, bytes: Uint8Array, family: 4 | 6, o: TraceOptions, way: { source?: Uint8Array; interface?: string }): TraceMethod {
  const method = o.method ?? 'icmp';
  // Apart from the echo engine's identifier, whose replies this socket hears too.
  if (method === 'icmp') return icmpMethod(errors, bytes, (errors.localId ^ 0x5a5a) & 0xffff);
  const local = localEndpoint(family, method, bytes, way);
  try {
    const port = o.port ?? PORTS[method];
    const socket = openTransportSocket(family, method === 'tcp' ? 6 : 17, local.port, way);
    return method === 'tcp' ? tcpMethod(socket, local, bytes, port, randomInt(0x1_0000_0000)) : udpMethod(socket, local, bytes, port);
  } catch (error) {
    local.close();
    throw error;
  }
}

/** Traces a path once. */
export async function tracePath(targetId: TargetId, address: string, family: 4 | 6, options: TraceOptions, time: Nanos, signal: AbortSignal): Promise<PathTrace> {
  const tracer = openTracer(address, family, options);
  try {
    return await tracer.trace(targetId, time, signal);
  } finally {
    tracer.close();
  }
}

class Tracer implements PathTracer {
  readonly #errors: IcmpSocket;
  readonly #method: TraceMethod;
  readonly #bytes: Uint8Array;
  readonly #address: string;
  readonly #target: string;
  readonly #o: TraceOptions;
  readonly #sent = new Map<number, Sent>();
  #hops: { addresses: string[]; rttNs: (number | null)[] }[] = [];
  #seq = randomInt(FIRST_SEQ, LAST_SEQ);
  #reachedAt = 0;
  #refusedAt = 0;
  /** Hops to the target as far as is known, 0 = unknown: as many are probed at once in the next round. */
  #length = 0;
  /** Rounds in a row that did not reach the target. */
  #missed = 0;

  constructor(errors: IcmpSocket, method: TraceMethod, bytes: Uint8Array, address: string, options: TraceOptions) {
    this.#errors = errors;
    this.#method = method;
    this.#bytes = bytes;
    this.#address = address;
    this.#target = formatIp(ipHex(bytes, 0, errors.family));
    this.#o = options;
  }

  async trace(targetId: TargetId, time: Nanos, signal: AbortSignal): Promise<PathTrace> {
    this.#hops = [];
    this.#reachedAt = 0;
    this.#refusedAt = 0;
    let ttl = 1;
    while (ttl <= this.#o.maxHops && this.#reachedAt === 0 && this.#refusedAt === 0 && !signal.aborted) {
      const window = ttl === 1 && this.#length > 0 ? this.#length : WINDOW;
      const until = Math.min(this.#o.maxHops, ttl + window - 1);
      for (let probe = 0; probe < this.#o.probes; probe++) for (let t = ttl; t <= until; t++) this.#send(t, probe);
      await this.#listen(signal);
      ttl = until + 1;
      // Silence where the target was is a lost probe, not a longer path: one more hop would only reach the target again. A router
      // that answers there is a longer path.
      if (until === this.#length && this.#hops[until - 1].addresses.length === 0) break;
      if (this.#hops.length - this.#lastHeard() >= MAX_SILENT) break;
    }
    const last = this.#reachedAt > 0 ? this.#reachedAt : this.#refusedAt > 0 ? this.#refusedAt : this.#lastHeard();
    if (this.#reachedAt > 0) this.#length = this.#reachedAt;
    this.#missed = this.#reachedAt > 0 ? 0 : this.#missed + 1;
    if (this.#missed >= MAX_MISSED) this.#length = 0;
    const hops: PathHop[] = this.#hops.slice(0, Math.max(1, last)).map((h, i) => ({
      ttl: i + 1, addresses: h.addresses, sent: h.rttNs.length, received: h.rttNs.filter((r) => r !== null).length, rttNs: h.rttNs,
    }));
    return { targetId, address: this.#address, method: this.#method.name, time, reached: this.#reachedAt > 0, hops, identity: pathIdentity(hops) };
  }

  close(): void {
    this.#method.close();
    this.#errors.close();
  }

  #send(ttl: number, probe: number): void {
    while (this.#hops.length < ttl) this.#hops.push({ addresses: [], rttNs: [] });
    const seq = this.#seq;
    this.#seq = seq >= LAST_SEQ ? FIRST_SEQ : seq + 1;
    const outcome = this.#method.send(ttl, seq);
    this.#hops[ttl - 1].rttNs[probe] = null;
    if (!('errno' in outcome)) this.#sent.set(seq, { ttl, probe, ...outcome });
  }

  /** Waits until all probes of the window are answered or the time is up. */
  async #listen(signal: AbortSignal): Promise<void> {
    const end = performance.now() + this.#o.timeoutMs;
    while (performance.now() < end && this.#sent.size > 0 && !signal.aborted) {
      this.#errors.drain((reply) => this.#take(reply));
      this.#method.drain((seq, reply) => {
        if (reply.source === this.#target) this.#answered(seq >= 0 ? seq : this.#farthest(), reply, 'target');
      });
      // Answers of hops beyond the target never come: do not wait for them.
      if (this.#reachedAt > 0 && [...this.#sent.values()].every((s) => s.ttl > this.#reachedAt)) break;
      await new Promise((resume) => setTimeout(resume, 2));
    }
    this.#sent.clear();
  }

  #take(reply: EchoReply): void {
    const { family } = this.#errors;
    if (reply.type === ECHO_REPLY[family]) {
      if (this.#method.name === 'icmp' && reply.id === ((this.#errors.localId ^ 0x5a5a) & 0xffff) && reply.source === this.#target) this.#answered(reply.seq, reply, 'target');
      return;
    }
    if (reply.type !== TIME_EXCEEDED[family] && reply.type !== UNREACHABLE[family]) return;
    const { bytes, end } = reply;
    const quoted = reply.at + 8;
    const transport = quoted + (family === 4 ? (bytes[quoted] & 15) * 4 : 40);
    if (transport + 8 > end || bytes[quoted + (family === 4 ? 9 : 6)] !== this.#method.protocol || !this.#isTarget(bytes, quoted + (family === 4 ? 16 : 24))) return;
    const seq = this.#method.quoted(bytes, transport);
    if (seq < 0) return;
    // "Port unreachable" and the like from the target itself are how a host answers a datagram that nobody there wants.
    this.#answered(seq, reply, reply.type === TIME_EXCEEDED[family] ? 'router' : reply.source === this.#target ? 'target' : 'refusal');
  }

  #answered(seq: number, reply: EchoReply, from: 'router' | 'target' | 'refusal'): void {
    const sent = this.#sent.get(seq);
    if (sent === undefined) return;
    this.#sent.delete(seq);
    const hop = this.#hops[sent.ttl - 1];
    hop.rttNs[sent.probe] = Math.max(0, (reply.rxSeconds - sent.seconds) * 1e9 + reply.rxNanoseconds - sent.nanoseconds);
    if (!hop.addresses.includes(reply.source)) hop.addresses.push(reply.source);
    if (from === 'target' && (this.#reachedAt === 0 || sent.ttl < this.#reachedAt)) this.#reachedAt = sent.ttl;
    if (from === 'refusal' && (this.#refusedAt === 0 || sent.ttl < this.#refusedAt)) this.#refusedAt = sent.ttl;
  }

  /** The probe that an answer without a number most likely belongs to: the oldest of those that went beyond all that routers took. */
  #farthest(): number {
    const heard = this.#lastHeard();
    for (const [seq, sent] of this.#sent) if (sent.ttl > heard || (this.#reachedAt > 0 && sent.ttl === this.#reachedAt)) return seq;
    return -1;
  }

  /** A raw socket hears the answers to other traces too: the address tells them apart. */
  #isTarget(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.#bytes.length; i++) if (bytes[at + i] !== this.#bytes[i]) return false;
    return true;
  }

  #lastHeard(): number {
    return this.#hops.findLastIndex((h) => h.addresses.length > 0) + 1;
  }
}
