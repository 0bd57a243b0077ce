import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { BoundedMap } from '../base/bounded-map.ts';
import { u32be } from '../base/bytes.ts';
import type { Nanos } from '../base/time.ts';
import { stampReflection, STAMP_LEN } from './stamp-packet.ts';

const MAX_SESSIONS = 4096;

export interface ReflectorOptions {
  /** Address to listen at. */
  readonly address: string;
  /** 862 is STAMP's; ports above 1023 need no privilege. */
  readonly port: number;
  /** Numbers its answers by itself, a session at a time, so that the sender learns which way packets get lost (RFC 8762 §4.3). */
  readonly stateful: boolean;
}

/** The session-reflector of STAMP (RFC 8762): answers each test packet with the times at which it came and went. */
export class StampReflector {
  readonly #options: ReflectorOptions;
  readonly #wallNs: () => Nanos;
  readonly #sessions = new BoundedMap<string, number>(MAX_SESSIONS);
  #socket: dgram.Socket | undefined;
  reflected = 0;
  refused = 0;

  constructor(options: ReflectorOptions, wallNs: () => Nanos) {
    this.#options = options;
    this.#wallNs = wallNs;
  }

  /** Returns the port that it listens at. */
  async start(): Promise<number> {
    const socket = dgram.createSocket(net.isIPv6(this.#options.address) ? 'udp6' : 'udp4');
    this.#socket = socket;
    socket.on('message', (request, from) => this.#reflect(socket, request, from));
    socket.bind(this.#options.port, this.#options.address);
    await once(socket, 'listening');
    // From here on an error is of one answer, and the next one may leave again.
    socket.on('error', () => this.refused++);
    return socket.address().port;
  }

  stop(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #reflect(socket: dgram.Socket, request: Buffer, from: dgram.RemoteInfo): void {
    const received = this.#wallNs();
    if (request.length < STAMP_LEN) {
      this.refused++;
      return;
    }
    const session = `${from.address} ${from.port}`;
    const seq = this.#options.stateful ? (this.#sessions.get(session) ?? 0) : u32be(request, 0);
    if (this.#options.stateful) this.#sessions.set(session, (seq + 1) >>> 0);
    const answer = stampReflection(request, seq, received, this.#wallNs());
    if (answer === undefined) return;
    this.reflected++;
    socket.send(answer, from.port, from.address);
  }
}
