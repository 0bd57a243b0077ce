import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import { type DatasetId, type NetworkEntry, type RecordSource } from '../model/index.ts';
import type { CaptureStatistics, CapturePlan, FromCapture, TappedFrame, TapRequest, ToCapture } from '../pipeline/capture-messages.ts';
import { EXIT_REFUSED } from '../pipeline/capture-messages.ts';
import type { CaptureStatus, TrafficSample } from '../pipeline/services.ts';
import { SupervisedChild } from '../pipeline/supervised-child.ts';
import type { StoredLink } from '../pipeline/packet-export.ts';
import type { ColumnBatch } from '../store/column-batch.ts';
import { isoTime, type Nanos } from '../base/time.ts';

/** What is captured, as the configuration says it. */
export interface CaptureSettings {
  readonly interfaces: readonly string[];
  /** Played in place of interfaces (demo). */
  readonly file: string | null;
  readonly filter: string;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  readonly ringBytes: number;
  readonly networks: readonly NetworkEntry[];
  readonly packets: { readonly enabled: boolean; readonly maxBytes: number; readonly maxAgeMs: number };
}

export interface CapturingOptions {
  readonly dataDir: string;
  readonly sensorId: string;
  readonly siteId: string;
  log(level: 'info' | 'warn' | 'error', message: string): void;
  now(): Nanos;
  onBatch(link: string, batch: ColumnBatch): void;
  onWatermark(link: string, time: Nanos): void;
  onEnd(link: string): void;
  onLoss(loss: number | null): void;
  onStatus(status: CaptureStatus): void;
  onTraffic(sample: TrafficSample): void;
}

const MAX_FLOWS = 200_000;
const SEGMENT_BYTES = 16 << 20;
const ACTIVE_SECONDS = 300;
const SAMPLE_MS = 1000;
const MAX_GAPS = 100;
const NOTHING: CaptureStatistics = { packets: 0, bytes: 0, dropped: 0, flows: 0, records: 0, evicted: 0, storeLost: 0, storeFault: null, queueDropped: 0 };

interface Link {
  readonly id: string;
  readonly plan: CapturePlan;
  readonly child: SupervisedChild;
  status: CaptureStatus;
  /** Counters of this process, and of those before it that were lost. */
  statistics: CaptureStatistics;
  restarts: number;
  last: CaptureStatistics;
  /** Since when its process is lost; null while it runs, and before its first one. */
  lostAt: Nanos | null;
}

/** A time in which a link was not watched: until `to`, from the loss of the process (or, null, from whenever the program ended). */
interface CaptureGap {
  readonly linkId: string;
  readonly from: Nanos | null;
  readonly to: Nanos;
}

/** The main process's side of capture: one supervised process an interface, its batches, its counters, its taps. */
export class Capturing {
  readonly #options: CapturingOptions;
  readonly #links = new Map<string, Link>();
  readonly #taps = new Map<number, (event: Extract<FromCapture, { kind: 'tapped' | 'tap_error' }>) => void>();
  readonly #flushes = new Map<number, () => void>();
  #gaps: CaptureGap[] = [];
  #nextRequest = 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CapturingOptions) {
    this.#options = options;
  }

  /** Restarts of capture processes since the start, all interfaces together. */
  get restarts(): number {
    return [...this.#links.values()].reduce((sum, link) => sum + link.restarts, 0);
  }

  /** Packet stores on disk, for evidence; those of interfaces that are no longer captured stay until their age. */
  get stored(): readonly StoredLink[] {
    return [...this.#links.values()].flatMap((l) => (l.plan.store === null ? [] : [{ linkId: l.id, dir: l.plan.store.dir }]));
  }

  /** What was not seen of a window, in words: a conclusion drawn from its packets has to say so. */
  gapsWithin(from: Nanos, to: Nanos): string[] {
    const open = [...this.#links.values()].flatMap((l) => (l.lostAt === null ? [] : [{ linkId: l.id, from: l.lostAt, to: null }]));
    return [...this.#gaps, ...open].filter((gap) => (gap.to ?? to) > from && (gap.from ?? from) <= to).map(({ linkId, from: lost, to: back }) => {
      if (lost === null) return `${linkId} is captured by this run of the program only since ${isoTime(back ?? to)}`;
      return `the capture of ${linkId} was lost at ${isoTime(lost)}, with up to a second before${back === null ? '' : `, and runs again since ${isoTime(back)}`}`;
    });
  }

  get totals(): CaptureStatistics {
    const all = [...this.#links.values()].map((l) => l.statistics);
    const sum = (pick: (s: CaptureStatistics) => number): number => all.reduce((n, s) => n + pick(s), 0);
    return {
      packets: sum((s) => s.packets), bytes: sum((s) => s.bytes), dropped: sum((s) => s.dropped), flows: sum((s) => s.flows), records: sum((s) => s.records),
      evicted: sum((s) => s.evicted), storeLost: sum((s) => s.storeLost), storeFault: all.find((s) => s.storeFault !== null)?.storeFault ?? null, queueDropped: sum((s) => s.queueDropped),
    };
  }

  start(settings: CaptureSettings): void {
    for (const name of settings.file === null ? settings.interfaces : ['demo']) this.#startLink(name, settings);
    if (this.#links.size > 0) this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#links.values()].map((l) => l.child.stop()));
    this.#links.clear();
  }

  /** Packets that are still in memory go to the stores. */
  async flush(): Promise<void> {
    await Promise.all([...this.#links.values()].filter((l) => l.child.running).map((link) => new Promise<void>((done) => {
      const request = this.#nextRequest++;
      const timer = setTimeout(finish, 3000);
      const flushes = this.#flushes;
      function finish(): void {
        clearTimeout(timer);
        flushes.delete(request);
        done();
      }
      this.#flushes.set(request, finish);
      if (!this.#send(link, { kind: 'flush', request })) finish();
    })));
  }

  /**
   * Opens a live view on one link, or on all where `link` is null. Returns how to close it.
   *
   * @throws {WirewatchError} WW_NOT_FOUND where nothing is captured.
   */
  tap(link: string | null, request: Omit<TapRequest, 'tap'>, onFrames: (link: string, frames: readonly TappedFrame[], matched: number, skipped: number) => void, onError: (message: string) => void): () => void {
    const wanted = [...this.#links.values()].filter((l) => (link === null || l.id === link) && l.child.running);
    if (wanted.length === 0) throw new WirewatchError('WW_NOT_FOUND', link === null ? 'nothing is captured' : `${link} is not captured`, { remedy: 'wirewatch doctor says what capturing needs' });
    const open = wanted.map((l) => {
      const tap = this.#nextRequest++;
      this.#taps.set(tap, (event) => {
        if (event.kind === 'tap_error') onError(event.message);
        else onFrames(l.id, event.frames, event.matched, event.skipped);
      });
      this.#send(l, { kind: 'tap', tap, ...request });
      return { l, tap };
    });
    return () => {
      for (const { l, tap } of open) {
        this.#taps.delete(tap);
        this.#send(l, { kind: 'untap', tap });
      }
    };
  }

  #startLink(name: string, settings: CaptureSettings): void {
    const { dataDir, sensorId, siteId } = this.#options;
    const now = (): Nanos => this.#options.now();
    const log: CapturingOptions['log'] = (level, message) => this.#options.log(level, message);
    const source = (): RecordSource => ({ dataset: `${sensorId}/${name}/${now()}` as DatasetId, sensorId, siteId, linkId: name, sampling: 1 });
    const dir = path.join(dataDir, 'packets', name.replace(/[^A-Za-z0-9_.-]/g, '_'));
    if (settings.packets.enabled) mkdirSync(dir, { recursive: true, mode: 0o700 });
    const plan: CapturePlan = {
      source: source(), interface: name, filter: settings.filter, snaplen: settings.snaplen, promiscuous: settings.promiscuous, ringBytes: settings.ringBytes,
      file: settings.file, networks: settings.networks, maxFlows: MAX_FLOWS, activeSeconds: ACTIVE_SECONDS,
      store: settings.packets.enabled ? { dir, maxBytes: settings.packets.maxBytes, maxAgeMs: settings.packets.maxAgeMs, segmentBytes: Math.min(SEGMENT_BYTES, Math.max(1 << 20, Math.floor(settings.packets.maxBytes / 8))) } : null,
    };
    const child = new SupervisedChild({
      name: `capture ${name}`,
      entry: path.join(import.meta.dirname, `../pipeline/capture-process${path.extname(import.meta.filename)}`),
      finalCodes: [EXIT_REFUSED],
      // A process that is started again is a new session with frames of its own, so its records have ids of their own.
      onStart: () => this.#send(link, { kind: 'plan', plan: { ...plan, source: source() } }),
      onMessage: (message) => this.#onMessage(link, message as FromCapture),
      onStderr: (line) => log('warn', `capture ${name}: ${line}`),
      onLost: ({ code, signal, restartInMs }) => {
        link.restarts++;
        link.lostAt = this.#options.now();
        // What it held is gone, and nobody can say how much: the loss is unknown until it runs again.
        this.#options.onLoss(null);
        if (restartInMs === null) return;
        log('error', `capture on ${name} ended (${signal ?? code}); it starts again in ${restartInMs} ms`);
        this.#status(link, { state: 'failed', detail: `the process ended (${signal ?? code}) and starts again` });
      },
    });
    const link: Link = {
      id: name, plan, child, statistics: NOTHING, restarts: 0, last: NOTHING, lostAt: null,
      status: { linkId: name, kind: settings.file === null ? 'live' : 'file', state: 'stopped', detail: null, packets: 0, bytes: 0, dropped: 0, loss: null },
    };
    this.#links.set(name, link);
    child.start();
  }

  #onMessage(link: Link, message: FromCapture): void {
    switch (message.kind) {
      case 'ready':
        this.#options.log('info', `capturing on ${link.id} (${message.source})`);
        if (link.status.kind === 'live') this.#gaps = [...this.#gaps.slice(1 - MAX_GAPS), { linkId: link.id, from: link.lostAt, to: this.#options.now() }];
        link.lostAt = null;
        return this.#status(link, { state: 'running', detail: null });
      case 'refused': {
        const detail = `${message.message}${message.remedy === null ? '' : `. To do: ${message.remedy}`}`;
        this.#options.log('warn', `no capture on ${link.id}: ${detail}`);
        this.#status(link, { state: message.code === 'WW_CAPTURE_PRIVILEGE' ? 'unprivileged' : 'failed', detail });
        return this.#options.onEnd(link.id);
      }
      case 'batch':
        for (const batch of message.batches) this.#options.onBatch(link.id, batch);
        this.#options.onWatermark(link.id, message.watermark);
        link.statistics = message.statistics;
        this.#send(link, { kind: 'ack', batches: 1 });
        return;
      case 'tapped':
      case 'tap_error':
        return this.#taps.get(message.tap)?.(message);
      case 'flushed':
        return this.#flushes.get(message.request)?.();
      case 'ended':
        this.#options.log('info', `capture on ${link.id}: ${message.reason}`);
        this.#status(link, { state: 'stopped', detail: message.reason === 'ended' ? 'the capture was played to its end' : message.reason });
        return this.#options.onEnd(link.id);
    }
  }

  #status(link: Link, change: Partial<CaptureStatus>): void {
    link.status = { ...link.status, ...change };
    this.#options.onStatus(link.status);
  }

  #sample(): void {
    let [packets, bytes, flows, dropped] = [0, 0, 0, 0];
    for (const link of this.#links.values()) {
      const { statistics: s, last } = link;
      packets += Math.max(0, s.packets - last.packets);
      bytes += Math.max(0, s.bytes - last.bytes);
      flows += Math.max(0, s.flows - last.flows);
      dropped += Math.max(0, s.dropped - last.dropped);
      link.last = s;
      const detail = s.storeFault === null ? null : `packets cannot be kept (${s.storeFault}): ${s.storeLost} lost. To do: free space under the data folder`;
      this.#status(link, { packets: s.packets, bytes: s.bytes, dropped: s.dropped, loss: s.packets === 0 ? null : s.dropped / (s.packets + s.dropped), ...(link.status.state === 'running' ? { detail } : {}) });
    }
    const seconds = SAMPLE_MS / 1000;
    this.#options.onLoss(packets + dropped === 0 ? 0 : dropped / (packets + dropped));
    this.#options.onTraffic({ time: this.#options.now(), bitsPerSecond: (bytes * 8) / seconds, packetsPerSecond: packets / seconds, flowsPerSecond: flows / seconds, droppedPerSecond: dropped / seconds });
  }

  #send(link: Link, message: ToCapture): boolean {
    return link.child.send(message);
  }
}

