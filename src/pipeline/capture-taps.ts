import { WirewatchError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { compileFilter, type Filter } from '../filter/compile-filter.ts';
import { Demand } from '../wire/demand.ts';
import { FrameHead } from '../wire/frame-head.ts';
import { Packet } from '../wire/packet.ts';
import { protocols } from '../wire/protocols.generated.ts';
import { Registry } from '../wire/registry.ts';
import type { FromCapture, TappedFrame, TapRequest } from './capture-messages.ts';

const MAX_TAPS = 8;

interface Tap {
  readonly request: TapRequest;
  readonly filter: Filter;
  readonly packet: Packet;
  frames: TappedFrame[];
  bytes: number;
  matched: number;
  skipped: number;
}

/**
 * Live views: each compiles its display filter here, where the packets are, and hands over the matching frames within its budget.
 *
 * Costs nothing while none is open.
 */
export class Taps {
  readonly #host: Host;
  readonly #send: (message: FromCapture) => void;
  readonly #taps = new Map<number, Tap>();
  readonly #head = new FrameHead();
  #registry: Registry | undefined;
  open = false;

  constructor(host: Host, send: (message: FromCapture) => void) {
    this.#host = host;
    this.#send = send;
  }

  add(request: TapRequest): void {
    try {
      if (this.#taps.size >= MAX_TAPS) throw new WirewatchError('WW_CONFLICT', `${MAX_TAPS} live views are open on this interface`, { remedy: 'close one' });
      this.#registry ??= new Registry(protocols);
      const filter = compileFilter(request.filter, this.#registry);
      const packet = new Packet(this.#registry, new Demand(this.#registry, filter.uses), this.#host);
      this.#taps.set(request.tap, { request, filter, packet, frames: [], bytes: 0, matched: 0, skipped: 0 });
      this.open = true;
    } catch (error) {
      if (!(error instanceof WirewatchError)) throw error;
      this.#send({ kind: 'tap_error', tap: request.tap, message: error.where === undefined ? error.message : `${error.message}\n${error.where}` });
    }
  }

  remove(tap: number): void {
    this.#taps.delete(tap);
    this.open = this.#taps.size > 0;
  }

  frame(bytes: Uint8Array, at: number, caplen: number, wireLen: number, linkType: number, frame: number, seconds: number, nanoseconds: number): void {
    const head = this.#head;
    head.bytes = bytes;
    head.at = at;
    head.caplen = caplen;
    head.wireLen = wireLen;
    head.linkType = linkType;
    head.seconds = seconds;
    head.nanoseconds = nanoseconds;
    for (const tap of this.#taps.values()) {
      tap.packet.begin(head);
      tap.packet.walk();
      if (!tap.filter.matches(tap.packet.row)) continue;
      tap.matched++;
      // The budget is of a second, and taps are flushed twice a second.
      if (tap.frames.length >= tap.request.framesPerSecond / 2 || tap.bytes + caplen > tap.request.bytesPerSecond / 2) {
        tap.skipped++;
        continue;
      }
      tap.bytes += caplen;
      tap.frames.push({ frame, seconds, nanoseconds, wireLen, linkType, bytes: bytes.slice(at, at + caplen) });
    }
  }

  flush(): void {
    for (const [id, tap] of this.#taps) {
      if (tap.matched === 0) continue;
      this.#send({ kind: 'tapped', tap: id, frames: tap.frames, matched: tap.matched, skipped: tap.skipped });
      tap.frames = [];
      tap.bytes = 0;
      tap.matched = 0;
      tap.skipped = 0;
    }
  }
}
