import type { ServerResponse } from 'node:http';
import { bigintReplacer } from '../base/canonical-json.ts';
import type { Permission } from '../model/index.ts';
import type { EventService, LiveEvent } from '../pipeline/services.ts';
import type { Identity } from './identity.ts';

/** Who may see which event. */
const NEEDS: Record<LiveEvent['type'], Permission> = {
  check: 'overview.read', traffic: 'overview.read', uplink: 'overview.read',
  incident: 'incidents.read', alert: 'incidents.read', action: 'incidents.read', mail: 'incidents.read', drill: 'drill.run',
};
const HEARTBEAT_MS = 15_000;
/** A reader that leaves this much unread is cut off: it comes back and reads the present. */
const MOST_UNREAD = 256 * 1024;
const MOST_READERS = 100;

interface Reader {
  readonly response: ServerResponse;
  identity: Identity;
  readonly again: () => Promise<Identity | null>;
}

/** Server-sent events for any number of readers over one subscription. */
export class LiveEvents {
  readonly #readers = new Set<Reader>();
  readonly #events: EventService;
  #unsubscribe: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Readers cut off because they did not keep up. */
  dropped = 0;

  constructor(events: EventService) {
    this.#events = events;
  }

  /** True where no further reader is taken. */
  get full(): boolean {
    return this.#readers.size >= MOST_READERS;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Takes over the response. `again` is asked at each heartbeat whether the reader may still come in, so that signing out or
   * losing a role ends the stream. Ask `full` first.
   */
  add(response: ServerResponse, identity: Identity, again: () => Promise<Identity | null>): void {
    const reader: Reader = { response, identity, again };
    response.write('retry: 2000\n: wirewatch\n\n');
    this.#readers.add(reader);
    response.on('close', () => this.#remove(reader));
    if (this.#readers.size === 1) this.#start();
  }

  close(): void {
    for (const reader of this.#readers) reader.response.end();
    this.#readers.clear();
    this.#stop();
  }

  #start(): void {
    this.#unsubscribe = this.#events.subscribe((event) => this.#publish(event));
    this.#timer = setInterval(() => this.#heartbeat(), HEARTBEAT_MS);
    this.#timer.unref();
  }

  #stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #remove(reader: Reader): void {
    if (this.#readers.delete(reader) && this.#readers.size === 0) this.#stop();
  }

  #publish(event: LiveEvent): void {
    const text = `event: ${event.type}\ndata: ${JSON.stringify(event, bigintReplacer)}\n\n`;
    for (const reader of this.#readers) {
      if (reader.identity.permissions.has(NEEDS[event.type])) this.#write(reader, text);
    }
  }

  #write(reader: Reader, text: string): void {
    if (reader.response.writableLength > MOST_UNREAD) {
      this.dropped++;
      reader.response.destroy();
      return;
    }
    reader.response.write(text);
  }

  #heartbeat(): void {
    for (const reader of this.#readers) {
      this.#write(reader, ': still here\n\n');
      void reader.again().then(
        (identity) => {
          if (identity === null) reader.response.end();
          else reader.identity = identity;
        },
        () => reader.response.end(),
      );
    }
  }
}
