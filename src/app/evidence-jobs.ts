import path from 'node:path';
import { bigintReplacer } from '../base/canonical-json.ts';
import type { Host } from '../base/host.ts';
import { parseIp, type IpHex } from '../base/ip.ts';
import { msOf, nanosFromMs, type Nanos } from '../base/time.ts';
import { evidenceIdOf } from '../incident/evidence-bundle.ts';
import type { PathTrace, TargetId } from '../model/index.ts';
import { cleanEvidence, jsonLines, writeEvidence, type EvidencePart } from '../pipeline/evidence-writer.ts';
import type { LoopJob, LoopRunner } from '../pipeline/loop-runner.ts';
import type { StoreClient } from '../pipeline/store-client.ts';
import { unpackRecords, type ColumnBatch } from '../store/column-batch.ts';
import type { StateStore } from '../store/state-store.ts';
import type { TableName } from '../store/telemetry-tables.ts';
import type { Log } from './log.ts';

export type FreezeJob = Extract<LoopJob, { kind: 'freezeEvidence' }>;

/** A window of packets, and whose matter most where not all of them fit. */
export interface PacketRequest {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly maxBytes: number;
  readonly hosts: readonly IpHex[];
  /** Called where packets had to be left out. */
  onCut(what: string): void;
}

/** Packets of a window from the packet store, as pcapng; or why there are none. */
export type PacketExport = (request: PacketRequest) => Promise<AsyncIterable<Uint8Array> | { readonly missing: string }>;

export interface EvidenceJobsDeps {
  /** Folder of the bundles. */
  readonly root: string;
  readonly sensorId: string;
  readonly host: Host;
  readonly store: StateStore;
  readonly telemetry: StoreClient;
  readonly loop: LoopRunner;
  readonly packets: PacketExport;
  readonly maxPacketBytes: () => number;
  /** Path to a target now. */
  trace(targetId: TargetId): Promise<PathTrace>;
  now(): Nanos;
  readonly log: Log;
}

/** Records of one table in a bundle; more than this is a haystack, not evidence. */
const MAX_RECORDS = 50_000;
/** Records arrive a little after their packets: so long the freeze waits beyond its window. */
const SETTLE_MS = 3000;
const RETRY_MS = 10_000;
const MAX_ATTEMPTS = 6;
/** Samples from this long before the window show what was usual. */
const USUAL = nanosFromMs(3_600_000);

/** What a bundle's document says of it besides its manifest. */
export interface EvidenceDocument {
  readonly manifestSha256: string;
  readonly incidentId: string;
}

/**
 * Freezes what proves an alert once its window has passed: packets, flows, samples, states, the path before and after, the alert.
 *
 * A job is done when its bundle is on the disk and the incident knows it; a crash before that begins it again, which leaves a
 * bundle that is there already as it is.
 */
export class EvidenceJobs {
  readonly #deps: EvidenceJobsDeps;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: EvidenceJobsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await cleanEvidence(this.#deps.root);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running;
  }

  add(job: FreezeJob): void {
    const { now, store, trace } = this.#deps;
    const target = job.alert.labels.target;
    // The path as it is now, while the trouble lasts.
    if (target !== undefined && !job.drill) {
      trace(target as TargetId).then(
        (path) => store.put({ kind: 'path', id: `${target}/${path.time}`, parent: target, time: path.time, state: path.reached ? 'reached' : 'unreached', body: path }),
      ).catch(() => undefined);
    }
    this.#later(Math.max(0, msOf(job.to - now())) + SETTLE_MS, job, 1);
  }

  #later(ms: number, job: FreezeJob, attempt: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // One bundle after the other: freezing must not starve watching.
      this.#running = this.#running.then(() => this.#freeze(job, attempt)).catch((error: unknown) => this.#deps.log('error', `evidence: ${String(error)}`));
    }, ms);
    this.#timers.add(timer);
  }

  async #freeze(job: FreezeJob, attempt: number): Promise<void> {
    if (this.#stopped) return;
    const { host, loop, root, sensorId, store, now, log } = this.#deps;
    const { incidentId, alert, from, to } = job;
    const id = evidenceIdOf(incidentId, alert.fingerprint, from, to, host);
    try {
      const { manifest, manifestSha256 } = await writeEvidence(root, { id, incidentId, createdAt: now(), from, to, sensorId }, this.#parts(job));
      const body: EvidenceDocument = { manifestSha256, incidentId };
      store.transaction('full', () => store.put({ kind: 'evidence', id, parent: incidentId, time: manifest.createdAt, state: 'unverified', body }));
      // The incident's line, the audit event and the end of the job are one commit: a crash before it does all of them again, one after it none.
      const told = loop.give(
        { to: 'incident', input: { kind: 'evidence', id: incidentId, evidenceId: id, files: manifest.files.length, missing: manifest.missing } },
        { time: now(), actor: 'system', action: 'evidence.freeze', object: id, details: { incident: incidentId, manifest_sha256: manifestSha256 } },
      );
      loop.jobDone(job.key);
      await told;
    } catch (error) {
      log('error', `the evidence of incident ${incidentId} could not be kept (attempt ${attempt}): ${(error as Error).message}`);
      if (attempt < MAX_ATTEMPTS) return this.#later(RETRY_MS * attempt, job, attempt + 1);
      const told = loop.give({ to: 'incident', input: { kind: 'evidence', id: incidentId, evidenceId: null, files: 0, missing: [(error as Error).message] } });
      loop.jobDone(job.key);
      await told.catch(() => undefined);
    }
  }

  #parts(job: FreezeJob): EvidencePart[] {
    const { alert, from, to } = job;
    const { telemetry, store, packets, maxPacketBytes } = this.#deps;
    const json = (value: unknown): string => JSON.stringify(value, bigintReplacer);
    const table = (name: TableName, since: Nanos, keep: (r: Record<string, unknown>) => boolean = () => true): EvidencePart['open'] => async () => {
      const rows: unknown[] = [];
      for await (const batch of telemetry.query({ table: name, from: since, to, limit: MAX_RECORDS })) {
        rows.push(...(unpackRecords(batch as ColumnBatch & { table: typeof name }) as unknown as Record<string, unknown>[]).filter(keep));
      }
      return rows.length === 0 ? { missing: 'none in this window' } : jsonLines(rows, json);
    };
    const target = alert.labels.target;
    const paths = target === undefined ? [] : store.find<PathTrace>({ kind: 'path', parent: target, limit: 100 }).map((d) => d.body);
    const pathPart = (name: string, found: PathTrace | undefined, description: string): EvidencePart => ({
      path: name, kind: 'path', description,
      open: () => Promise.resolve(found === undefined ? { missing: target === undefined ? 'the alert names no target' : 'no path was traced' } : [`${json(found)}\n`]),
    });
    const cuts: string[] = [];
    const ofTarget = (r: Record<string, unknown>): boolean => target === undefined || r.targetId === target;
    return [
      { path: 'alert.json', kind: 'signal', description: 'The alert as it fired, with its labels, score and pointers.', open: () => Promise.resolve([`${json(alert)}\n`]) },
      {
        path: 'packets.pcapng', kind: 'packets', description: 'Packets around and before the alert.',
        open: () => packets({ from, to, maxBytes: maxPacketBytes(), hosts: hostsOf(alert.labels), onCut: (what) => cuts.push(what) }),
        lacks: () => (cuts.length === 0 ? null : cuts.join('; ')),
      },
      { path: 'signals.jsonl', kind: 'signal', description: 'Signals of detectors and checks in the window.', open: table('signals', from) },
      { path: 'flows.jsonl', kind: 'flows', description: 'Flows that began in the window, one a line.', open: table('flows', from) },
      { path: 'samples.jsonl', kind: 'samples', description: 'Rounds of the target\'s checks, from an hour before: every sample.', open: table('probe', from - USUAL, ofTarget) },
      { path: 'states.jsonl', kind: 'samples', description: 'Changes of state with the steps that led to them.', open: table('states', from - USUAL, ofTarget) },
      pathPart('path-before.json', paths.find((p) => p.time < alert.activeAt), 'The path to the target before.'),
      pathPart('path-after.json', paths.findLast((p) => p.time >= alert.activeAt), 'The path to the target when it happened.'),
    ];
  }
}

/** Addresses that the alert's labels name: theirs are the packets that matter most. */
export function hostsOf(labels: Readonly<Record<string, string>>): IpHex[] {
  return ['src', 'dst', 'host', 'address'].map((name) => parseIp(labels[name] ?? '')).filter((ip) => ip !== undefined);
}

/** Folder of a bundle by its id. */
export function evidenceDir(root: string, id: string): string {
  return path.join(root, id.replaceAll(/[^0-9A-Za-z_-]/g, ''));
}

