import http from 'node:http';
import { once } from 'node:events';
import { WirewatchError } from '../base/errors.ts';

/** What a job said last. Times on the monotonic clock, nanoseconds. */
export interface Beat {
  readonly atNs: bigint;
  readonly failed: boolean;
  /** From its own word `start` to this; null where it gave none. */
  readonly jobNs: bigint | null;
  /** First line of what it sent along. */
  readonly message: string;
}

interface Key {
  beat: Beat | null;
  startedNs: bigint | null;
  readonly wake: Set<() => void>;
}

const MAX_KEYS = 10_000;
const MAX_MESSAGE = 500;
const PATH = /^\/([\w.-]{1,128})(?:\/(start|fail))?\/?$/;

/**
 * Takes the beats that jobs push: `POST` or `GET` of `/KEY` says done, `/KEY/start` begun, `/KEY/fail` failed. One listener an
 * address and port, shared by all checks, from the first round on; it does not keep the process alive.
 */
export class HeartbeatListener {
  static readonly #all = new Map<string, HeartbeatListener>();

  readonly sinceNs: bigint;
  readonly #keys = new Map<string, Key>();
  readonly #server: http.Server;
  readonly #ready: Promise<unknown>;

  private constructor(address: string, port: number, nowNs: bigint) {
    this.sinceNs = nowNs;
    this.#server = http.createServer({ requestTimeout: 10_000, headersTimeout: 5000, connectionsCheckingInterval: 5000 }, (request, response) => this.#take(request, response));
    this.#server.maxConnections = 256;
    this.#server.listen(port, address);
    this.#server.unref();
    this.#ready = once(this.#server, 'listening');
  }

  /** @throws {WirewatchError} WW_PROBE_OPTION where the address or the port cannot be had. */
  static async at(address: string, port: number, nowNs: bigint): Promise<HeartbeatListener> {
    const place = `${address} ${port}`;
    const found = HeartbeatListener.#all.get(place) ?? new HeartbeatListener(address, port, nowNs);
    HeartbeatListener.#all.set(place, found);
    try {
      await found.#ready;
    } catch (error) {
      HeartbeatListener.#all.delete(place);
      throw new WirewatchError('WW_PROBE_OPTION', `heartbeats cannot be taken at ${address} port ${port}: ${(error as NodeJS.ErrnoException).code}`);
    }
    return found;
  }

  /** The last beat of a key, which is known from now on; waits up to `waitMs` where there is none that is newer than `afterNs`. */
  async beat(name: string, afterNs: bigint, waitMs: number, signal: AbortSignal): Promise<Beat | null> {
    let key = this.#keys.get(name);
    if (key === undefined) {
      if (this.#keys.size >= MAX_KEYS) throw new WirewatchError('WW_PROBE_OPTION', `more than ${MAX_KEYS} heartbeats`);
      key = { beat: null, startedNs: null, wake: new Set() };
      this.#keys.set(name, key);
    }
    if (key.beat !== null && key.beat.atNs >= afterNs) return key.beat;
    const { wake } = key;
    await new Promise<void>((done) => {
      const finish = (): void => {
        clearTimeout(timer);
        wake.delete(finish);
        signal.removeEventListener('abort', finish);
        done();
      };
      const timer = setTimeout(finish, waitMs);
      wake.add(finish);
      signal.addEventListener('abort', finish, { once: true });
    });
    return key.beat;
  }

  #take(request: http.IncomingMessage, response: http.ServerResponse): void {
    const found = PATH.exec((request.url ?? '').split('?')[0]);
    const key = found === null ? undefined : this.#keys.get(found[1]);
    let message = '';
    request.on('data', (chunk: Buffer) => {
      if (message.length < MAX_MESSAGE) message = (message + chunk.toString('utf8')).slice(0, MAX_MESSAGE);
    });
    request.on('end', () => {
      response.writeHead(key === undefined ? 404 : 204, { connection: 'close' }).end();
      if (key === undefined || found === null) return;
      const now = process.hrtime.bigint();
      if (found[2] === 'start') {
        key.startedNs = now;
        return;
      }
      key.beat = { atNs: now, failed: found[2] === 'fail', jobNs: key.startedNs === null ? null : now - key.startedNs, message: message.split(/\r?\n/, 1)[0] };
      key.startedNs = null;
      for (const wake of key.wake) wake();
    });
    request.on('error', () => undefined);
  }
}
