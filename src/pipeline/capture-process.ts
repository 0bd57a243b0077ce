// One capture process an interface: packets, flow table and sessions in one thread, packet store, live taps. Started by fork()
// with the serialization `advanced`; messages in capture-messages.ts. The only process that holds CAP_NET_RAW for capture.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { enableCompileCache } from 'node:module';
import type { CaptureSource } from '../capture/capture-source.ts';
import { PacedFileSource } from '../capture/paced-file-source.ts';
import { PacketStore } from '../capture/packet-store.ts';
import { TcpdumpSource } from '../capture/tcpdump-source.ts';
import { WirewatchError } from '../base/errors.ts';
import { FlowAnalyzer } from '../flow/flow-analyzer.ts';
import { Networks, type FlowRecord, type ProtocolRecord } from '../model/index.ts';
import { packRecords, type ColumnBatch } from '../store/column-batch.ts';
import type { TableName, TableRecords } from '../store/telemetry-tables.ts';
import { allSessions } from './analyze-file.ts';
import { EXIT_REFUSED, type CapturePlan, type CaptureStatistics, type FromCapture, type ToCapture } from './capture-messages.ts';
import { Taps } from './capture-taps.ts';
import { LIVE_SWEEP_BUDGET } from './live-limits.ts';
import { nodeHost } from './node-host.ts';
import { keepHeapSmall } from './small-heap.ts';

enableCompileCache();
keepHeapSmall();

const SEND_MS = 500;
const MAX_UNACKNOWLEDGED = 4;
/** Records held while main does not take batches; beyond it the newest are dropped and counted. */
const MAX_HELD = 100_000;

function send(message: FromCapture): void {
  if (process.connected) process.send!(message);
}

/** Tables of records by kind of record. */

class CaptureProcess {
  readonly #source: CaptureSource;
  readonly #store: PacketStore | null;
  readonly #analyzer: FlowAnalyzer;
  readonly taps = new Taps(nodeHost, (message) => send(message));
  readonly #held = new Map<TableName, (FlowRecord | ProtocolRecord)[]>();
  #heldCount = 0;
  #queueDropped = 0;
  #frames = 0;
  #bytes = 0;
  #flows = 0;
  #records = 0;
  #lastSecond = 0;
  #unacknowledged = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: CapturePlan, source: CaptureSource) {
    this.#source = source;
    this.#store = plan.store === null ? null : new PacketStore({ ...plan.store, snaplen: plan.snaplen });
    this.#analyzer = new FlowAnalyzer(
      { flow: (r) => this.#hold('flows', r), record: (r) => this.#hold(r.kind, r) },
      {
        // Live: an attacker must not know which flows share a slot.
        maxFlows: plan.maxFlows, seed: randomInt(2 ** 31), activeSeconds: plan.activeSeconds, sweepBudget: LIVE_SWEEP_BUDGET,
        source: plan.source, host: nodeHost, networks: new Networks(plan.networks.length > 0 ? plan.networks : undefined), sessions: allSessions(),
      },
    );
  }

  get kind(): string {
    return this.#source.kind;
  }

  start(): void {
    this.#source.start(
      (bytes, at, caplen, wireLen, seconds, nanoseconds, linkType) => {
        this.#frames++;
        this.#bytes += wireLen;
        this.#lastSecond = seconds;
        this.#analyzer.frame(bytes, at, at + caplen, at + wireLen, linkType, this.#frames, seconds, nanoseconds);
        this.#store?.add(bytes, at, caplen, wireLen, seconds, nanoseconds, linkType);
        if (this.taps.open) this.taps.frame(bytes, at, caplen, wireLen, linkType, this.#frames, seconds, nanoseconds);
      },
      (reason) => {
        if (this.#source.kind === 'file') this.#analyzer.finish('end_of_capture');
        this.#send();
        send({ kind: 'ended', reason });
        if (this.#source.kind !== 'file') process.exit(1);
      },
    );
    this.#timer = setInterval(() => {
      const now = Math.floor(Date.now() / 1000);
      // The wire may be silent: flows end all the same.
      if (now > this.#lastSecond + 1) this.#analyzer.tick(now - 1);
      this.#store?.flush();
      this.#store?.prune(Date.now());
      this.#send();
      this.taps.flush();
    }, SEND_MS);
  }

  flush(): void {
    this.#store?.flush();
  }

  acknowledge(batches: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - batches);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#source.stop();
    this.#analyzer.finish('shutdown');
    this.#unacknowledged = 0;
    this.#send();
    this.#store?.close();
  }

  #hold(table: TableName, record: FlowRecord | ProtocolRecord): void {
    if (table === 'flows') this.#flows++;
    else this.#records++;
    if (this.#heldCount >= MAX_HELD) {
      this.#queueDropped++;
      return;
    }
    const list = this.#held.get(table);
    if (list === undefined) this.#held.set(table, [record]);
    else list.push(record);
    this.#heldCount++;
  }

  #send(): void {
    if (this.#unacknowledged >= MAX_UNACKNOWLEDGED) return;
    const batches: ColumnBatch[] = [];
    const loss = this.#loss();
    for (const [table, records] of this.#held) {
      batches.push(packRecords(table, records.map((r) => ({ ...r, loss })) as unknown as TableRecords[typeof table][]));
    }
    this.#held.clear();
    this.#heldCount = 0;
    this.#unacknowledged++;
    send({ kind: 'batch', batches, watermark: BigInt(Date.now() - 1000) * 1_000_000n, statistics: this.#statistics() });
  }

  #loss(): number | null {
    const { received, dropped } = this.#source.counts();
    return received === 0 ? (this.#source.kind === 'tcpdump' ? null : 0) : dropped / received;
  }

  #statistics(): CaptureStatistics {
    const store = this.#store?.counts();
    return {
      packets: this.#frames, bytes: this.#bytes, dropped: this.#source.counts().dropped, flows: this.#flows, records: this.#records,
      evicted: this.#analyzer.meter.evicted, storeLost: store?.lost ?? 0, storeFault: store?.fault ?? null, queueDropped: this.#queueDropped,
    };
  }
}

/** The ring where native code loads; where this process lacks the privilege, tcpdump if that program has it. */
async function openSource(plan: CapturePlan): Promise<CaptureSource> {
  if (plan.file !== null) return new PacedFileSource(plan.file);
  const options = { interface: plan.interface, filter: plan.filter, snaplen: plan.snaplen, promiscuous: plan.promiscuous, ringBytes: plan.ringBytes };
  const ring = await import('../capture/ring-source.ts').catch(() => null);
  if (ring === null) return new TcpdumpSource(options);
  try {
    return new ring.RingSource(options);
  } catch (error) {
    if (!(error instanceof WirewatchError) || error.code !== 'WW_CAPTURE_PRIVILEGE' || !(await tcpdumpMay(plan.interface))) throw error;
    return new TcpdumpSource(options);
  }
}

/** Can tcpdump capture where we may not (a file capability on it)? It is asked to open the interface and nothing more. */
async function tcpdumpMay(name: string): Promise<boolean> {
  return await new Promise((done) => {
    let child: ChildProcess;
    try {
      child = spawn('tcpdump', ['-i', name, '-w', '/dev/null', '-c', '1', '--immediate-mode'], { stdio: 'ignore' });
    } catch {
      // It bears a capability that we may not have.
      return done(false);
    }
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      done(true);
    }, 500);
    child.once('error', () => done(false));
    child.once('exit', (code) => {
      clearTimeout(timer);
      done(code === 0);
    });
  });
}

let running: CaptureProcess | null = null;

async function start(plan: CapturePlan): Promise<void> {
  try {
    running = new CaptureProcess(plan, await openSource(plan));
    running.start();
    send({ kind: 'ready', source: running.kind });
  } catch (error) {
    if (!(error instanceof WirewatchError)) throw error;
    send({ kind: 'refused', code: error.code, message: error.message, remedy: error.remedy ?? null });
    setTimeout(() => process.exit(EXIT_REFUSED), 50);
  }
}

process.on('message', (raw) => {
  const message = raw as ToCapture;
  switch (message.kind) {
    case 'plan': return void start(message.plan);
    case 'ack': return running?.acknowledge(message.batches);
    case 'tap': return running?.taps.add(message);
    case 'untap': return running?.taps.remove(message.tap);
    case 'flush':
      running?.flush();
      return send({ kind: 'flushed', request: message.request });
    case 'stop':
      return void (running?.stop() ?? Promise.resolve()).finally(() => setTimeout(() => process.exit(0), 50));
  }
});
// Main is gone: what is in hand is kept, then this ends.
process.on('disconnect', () => void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(0)));
process.on('SIGINT', () => undefined);
