import { put16be, u16be } from '../../base/bytes.ts';
import { WirewatchError } from '../../base/errors.ts';
import { formatIp, ipHex } from '../../base/ip.ts';
import type { Nanos } from '../../base/time.ts';
import { openIcmpSocket, type EchoReply, type IcmpSocket } from '../../native/icmp-socket.ts';
import type { PathHop, PathTrace, TargetId } from '../../model/index.ts';
import { addressBytes } from '../icmp-engine.ts';
import { pathIdentity } from './path-identity.ts';

export interface TraceOptions {
  readonly maxHops: number;
  /** Probes to each hop. */
  readonly probes: number;
  readonly timeoutMs: number;
}

const ECHO_REQUEST = { 4: 8, 6: 128 } as const;
const ECHO_REPLY = { 4: 0, 6: 129 } as const;
const TIME_EXCEEDED = { 4: 11, 6: 3 } as const;
const UNREACHABLE = { 4: 3, 6: 1 } as const;
/** Hops that are probed at once: quick, and gentle on rate limits. */
const WINDOW = 6;
/** So many silent hops in a row end the trace: behind a firewall there is nothing to hear. */
const MAX_SILENT = 6;

interface Sent {
  readonly ttl: number;
  readonly probe: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * Traces the path by ICMP echo, flow-stable (Paris): identifier and checksum stay the same in every probe, so that routers which
 * share load by the flow send all of them the same way. The sequence number tells them apart; two bytes of payload make up for it.
 *
 * @throws {WirewatchError} WW_PROBE_PRIVILEGE without a raw socket: time-exceeded messages are not shown to others.
 */
export async function tracePath(targetId: TargetId, address: string, family: 4 | 6, options: TraceOptions, time: Nanos, signal: AbortSignal): Promise<PathTrace> {
  const bytes = addressBytes(address);
  if (bytes === undefined) throw new WirewatchError('WW_ARGUMENT', `not an address: ${address}`);
  const socket = openIcmpSocket(family, { errors: true });
  try {
    return await new Tracer(socket, bytes, options, signal).run(targetId, address, time);
  } finally {
    socket.close();
  }
}

class Tracer {
  readonly #socket: IcmpSocket;
  readonly #address: Uint8Array;
  readonly #target: string;
  readonly #o: TraceOptions;
  readonly #signal: AbortSignal;
  readonly #sent = new Map<number, Sent>();
  readonly #hops: { addresses: string[]; rttNs: (number | null)[] }[] = [];
  readonly #id: number;
  #reachedAt = 0;
  #refusedAt = 0;

  constructor(socket: IcmpSocket, address: Uint8Array, options: TraceOptions, signal: AbortSignal) {
    this.#socket = socket;
    this.#address = address;
    this.#target = formatIp(ipHex(address, 0, socket.family));
    this.#o = options;
    this.#signal = signal;
    // Apart from the echo engine's identifier, whose replies this socket hears too.
    this.#id = (socket.localId ^ 0x5a5a) & 0xffff;
  }

  async run(targetId: TargetId, address: string, time: Nanos): Promise<PathTrace> {
    let ttl = 1;
    while (ttl <= this.#o.maxHops && this.#reachedAt === 0 && this.#refusedAt === 0 && !this.#signal.aborted) {
      const until = Math.min(this.#o.maxHops, ttl + WINDOW - 1);
      for (let probe = 0; probe < this.#o.probes; probe++) for (let t = ttl; t <= until; t++) this.#send(t, probe);
      await this.#listen();
      ttl = until + 1;
      if (this.#silentHops() >= MAX_SILENT) break;
    }
    const last = this.#reachedAt > 0 ? this.#reachedAt : this.#refusedAt > 0 ? this.#refusedAt : this.#lastHeard();
    const hops: PathHop[] = this.#hops.slice(0, Math.max(1, last)).map((h, i) => ({
      ttl: i + 1, addresses: h.addresses, sent: h.rttNs.length, received: h.rttNs.filter((r) => r !== null).length, rttNs: h.rttNs,
    }));
    return { targetId, address, method: 'icmp', time, reached: this.#reachedAt > 0, hops, identity: pathIdentity(hops) };
  }

  #send(ttl: number, probe: number): void {
    while (this.#hops.length < ttl) this.#hops.push({ addresses: [], rttNs: [] });
    const seq = ttl * 16 + probe;
    const payload = new Uint8Array(24);
    // The checksum must not vary: what the sequence number adds, the payload's first two bytes take away.
    put16be(payload, 0, (0xffff - seq) & 0xffff);
    const outcome = this.#socket.send(this.#address, ECHO_REQUEST[this.#socket.family], 0, this.#id, seq, payload, { ttl });
    this.#hops[ttl - 1].rttNs[probe] = null;
    if (!('errno' in outcome)) this.#sent.set(seq, { ttl, probe, ...outcome });
  }

  /** Waits until all probes of the window are answered or the time is up. */
  async #listen(): Promise<void> {
    const end = performance.now() + this.#o.timeoutMs;
    while (performance.now() < end && this.#sent.size > 0 && !this.#signal.aborted) {
      this.#socket.drain((reply) => this.#take(reply));
      // Answers of hops beyond the target never come: do not wait for them.
      if (this.#reachedAt > 0 && [...this.#sent.values()].every((s) => s.ttl > this.#reachedAt)) break;
      await new Promise((resume) => setTimeout(resume, 2));
    }
    this.#sent.clear();
  }

  #take(reply: EchoReply): void {
    const { family } = this.#socket;
    let seq: number;
    if (reply.type === ECHO_REPLY[family]) {
      if (reply.id !== this.#id || reply.source !== this.#target) return;
      seq = reply.seq;
    } else if (reply.type === TIME_EXCEEDED[family] || reply.type === UNREACHABLE[family]) {
      const quoted = reply.at + 8;
      const icmp = quoted + (family === 4 ? (reply.bytes[quoted] & 15) * 4 : 40);
      if (icmp + 8 > reply.end || reply.bytes[icmp] !== ECHO_REQUEST[family] || u16be(reply.bytes, icmp + 4) !== this.#id) return;
      if (!this.#isTarget(reply.bytes, quoted + (family === 4 ? 16 : 24))) return;
      seq = u16be(reply.bytes, icmp + 6);
    } else {
      return;
    }
    const sent = this.#sent.get(seq);
    if (sent === undefined) return;
    this.#sent.delete(seq);
    const hop = this.#hops[sent.ttl - 1];
    hop.rttNs[sent.probe] = Math.max(0, (reply.rxSeconds - sent.seconds) * 1e9 + reply.rxNanoseconds - sent.nanoseconds);
    if (!hop.addresses.includes(reply.source)) hop.addresses.push(reply.source);
    if (reply.type === ECHO_REPLY[family] && (this.#reachedAt === 0 || sent.ttl < this.#reachedAt)) this.#reachedAt = sent.ttl;
    if (reply.type === UNREACHABLE[family] && (this.#refusedAt === 0 || sent.ttl < this.#refusedAt)) this.#refusedAt = sent.ttl;
  }

  /** A raw socket hears the answers to other traces too, and all of one process bear one identifier: the address tells them apart. */
  #isTarget(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.#address.length; i++) if (bytes[at + i] !== this.#address[i]) return false;
    return true;
  }

  #silentHops(): number {
    return this.#hops.length - this.#lastHeard();
  }

  #lastHeard(): number {
    return this.#hops.findLastIndex((h) => h.addresses.length > 0) + 1;
  }
}
