import { DetectionEngine } from '../detect/engine.ts';
import { detectors } from '../detect/detectors.generated.ts';
import type { Host } from '../base/host.ts';
import type { Nanos } from '../base/time.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { DEFAULT_NETWORKS, Networks, type Alert, type FlowRecord, type ProbeResult, type ProtocolRecord, type Signal, type StateChange, type UplinkVerdict } from '../model/index.ts';
import { MergeSources } from '../pipeline/merge-sources.ts';
import type { StoreClient } from '../pipeline/store-client.ts';
import { packRecords, unpackRecords, type ColumnBatch } from '../store/column-batch.ts';
import type { StateStore } from '../store/state-store.ts';
import type { TableName, TableRecords } from '../store/telemetry-tables.ts';
import type { Log } from './log.ts';

/** One element of the merged sequence. */
export type Observation =
  | { readonly kind: 'flow'; readonly flow: FlowRecord }
  | { readonly kind: 'record'; readonly record: ProtocolRecord }
  | { readonly kind: 'probe'; readonly result: ProbeResult }
  | { readonly kind: 'state'; readonly change: StateChange }
  | { readonly kind: 'uplink'; readonly verdict: UplinkVerdict };

export interface WatchingDeps {
  readonly host: Host;
  readonly store: StateStore;
  readonly telemetry: StoreClient;
  now(): Nanos;
  onSignal(signal: Signal): void;
  readonly log: Log;
  /** Everything that is found is an exercise: marked so in every signal, and by it in alerts, incidents and messages. */
  readonly drill: boolean;
}

/** Records may be this much behind the newest: batches of capture processes wait up to a second. */
const LATENESS: Nanos = 2_500_000_000n;
const TICK: Nanos = 1_000_000_000n;
const CAPACITY = 200_000;
const DRAIN_MS = 250;
const SNAPSHOT_MS = 60_000;
const MACHINE = 'detectors';
const CHECK_STATE = 'check-state';

/** What fires by the alert core: the troubles of each check with when they began, and since when the uplink counts as lost. */
export interface Troubles {
  readonly checks: ReadonlyMap<string, ReadonlyMap<string, Nanos>>;
  readonly uplinkLostAt: Nanos | null;
}

export function troublesOf(alerts: Iterable<Alert>): Troubles {
  const checks = new Map<string, Map<string, Nanos>>();
  let uplinkLostAt: Nanos | null = null;
  for (const { name, labels, state, activeAt, drill } of alerts) {
    if (state === 'resolved' || drill) continue;
    if (name === 'uplink-lost') uplinkLostAt = activeAt;
    const trouble = /^check-(.+)$/.exec(name)?.[1];
    if (trouble === undefined || labels.check === undefined) continue;
    const held = checks.get(labels.check) ?? new Map<string, Nanos>();
    checks.set(labels.check, held.set(trouble, activeAt));
  }
  return { checks, uplinkLostAt };
}

/** The form that the detector check-state keeps (its version 1). */
function checkStateSnapshot({ checks, uplinkLostAt }: Troubles): unknown {
  return {
    version: 1,
    uplinkLostAt: uplinkLostAt === null ? null : String(uplinkLostAt),
    firing: [...checks].map(([check, troubles]) => [check, [...troubles].map(([trouble, at]) => [trouble, String(at)])]),
  };
}

/** Stores what is observed and shows it to the detectors, in the order of capture time. */
export class Watching {
  readonly #deps: WatchingDeps;
  readonly #merge = new MergeSources<Observation>({ latenessNs: LATENESS, tickNs: TICK, capacity: CAPACITY });
  #engine: DetectionEngine;
  #timer: NodeJS.Timeout | undefined;
  #snapshotAt = 0;
  signals = 0;

  constructor(loaded: LoadedConfig, deps: WatchingDeps) {
    this.#deps = deps;
    this.#engine = this.#create(loaded);
  }

  get state(): { readonly held: number; readonly late: number; readonly early: number; readonly evicted: Readonly<Record<string, number>> } {
    return { held: this.#merge.held, late: this.#merge.late, early: this.#merge.early, evicted: this.#engine.evicted() };
  }

  /** `troubles` are what the alert core holds as firing: it is the truth about checks, for it survives every crash. */
  start(troubles: Troubles): void {
    const snapshots = { ...Object.fromEntries(this.#deps.store.readMachine(MACHINE)), [CHECK_STATE]: checkStateSnapshot(troubles) };
    for (const name of this.#engine.restore(snapshots)) this.#deps.log('warn', `the detector ${name} learns anew: its stored state is of another version`);
    this.#snapshotAt = performance.now() + SNAPSHOT_MS;
    this.#timer = setInterval(() => this.#drain(), DRAIN_MS);
  }

  /** Shows the detectors what still waits, and keeps what they know. */
  stop(): void {
    clearInterval(this.#timer);
    this.#show(this.#merge.flush());
    this.#keep();
  }

  reconfigure(loaded: LoadedConfig): void {
    const snapshot = this.#engine.snapshot();
    this.#engine = this.#create(loaded);
    this.#engine.restore(snapshot);
  }

  /** Loss of the capture from here on. */
  setLoss(loss: number | null): void {
    this.#engine.setLoss(loss);
  }

  /** Probes, as they come from the prober: judged at once, because an outage must not wait for a merge. */
  observeNow(observation: Observation): void {
    this.#keepRecord(observation);
    this.#judge(observation);
  }

  /** A batch of a capture process: stored as it is, shown to the detectors in its place. */
  observeBatch(source: string, batch: ColumnBatch): void {
    this.#deps.telemetry.enqueue(batch);
    const flows = batch.table === 'flows';
    for (const row of unpackRecords(batch as ColumnBatch & { table: 'flows' }) as readonly FlowRecord[]) {
      // A flow is known when it ends: that is its place in the sequence.
      if (flows) this.#merge.push(source, row.end, { kind: 'flow', flow: row });
      else this.#merge.push(source, row.time, { kind: 'record', record: row as unknown as ProtocolRecord });
    }
  }

  watermark(source: string, time: Nanos): void {
    this.#merge.watermark(source, time);
  }

  endSource(source: string): void {
    this.#merge.end(source);
  }

  /** Signals are records too: kept, so that a search finds what was claimed. */
  #signal(signal: Signal): void {
    this.signals++;
    this.#deps.telemetry.enqueue(packRecords('signals', [signal]));
    this.#deps.onSignal(signal);
  }

  #create({ config }: LoadedConfig): DetectionEngine {
    const options = Object.fromEntries(Object.entries(config.detectors).map(([name, given]) => {
      const { enabled, ...rest } = given;
      return [name, enabled ? rest : (false as const)];
    }));
    const networks = new Networks(config.networks.length === 0 ? DEFAULT_NETWORKS : config.networks);
    return new DetectionEngine({ detectors, options, networks, host: this.#deps.host, drill: this.#deps.drill }, (signal) => this.#signal(signal));
  }

  #keepRecord(observation: Observation): void {
    const keep = <T extends TableName>(table: T, record: TableRecords[T]): void => void this.#deps.telemetry.enqueue(packRecords(table, [record]));
    if (observation.kind === 'probe') keep('probe', observation.result);
    else if (observation.kind === 'state') keep('states', observation.change);
  }

  #drain(): void {
    this.#show(this.#merge.drain(this.#deps.now()));
    if (performance.now() < this.#snapshotAt) return;
    this.#snapshotAt = performance.now() + SNAPSHOT_MS;
    this.#keep();
  }

  #show(merged: ReturnType<MergeSources<Observation>['drain']>): void {
    for (const element of merged) {
      if (element.kind === 'tick') this.#guard(() => this.#engine.onTick(element.time));
      else this.#judge(element.item);
    }
  }

  #judge(o: Observation): void {
    this.#guard(() => {
      switch (o.kind) {
        case 'flow': return this.#engine.onFlow(o.flow);
        case 'record': return this.#engine.onRecord(o.record);
        case 'probe': return this.#engine.onProbe(o.result);
        case 'state': return this.#engine.onState(o.change);
        case 'uplink': return this.#engine.onUplink(o.verdict);
      }
    });
  }

  /** A detector's bug is told and does not end the watch. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#deps.log('error', `a detector failed: ${(error as Error).stack ?? String(error)}`);
    }
  }

  #keep(): void {
    try {
      const snapshot = this.#engine.snapshot();
      this.#deps.store.transaction('normal', () => {
        for (const [name, value] of Object.entries(snapshot)) this.#deps.store.putMachine(MACHINE, name, value);
      });
    } catch (error) {
      this.#deps.log('warn', `what the detectors know cannot be kept: ${(error as Error).message}`);
    }
  }
}
