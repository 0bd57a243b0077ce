import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { readCapture, readCaptureSync } from '../capture/file-source.ts';
import type { WirewatchError } from '../base/errors.ts';
import { FlowAnalyzer, type AnalysisSink } from '../flow/flow-analyzer.ts';
import type { FileOptions } from '../flow/file-collector.ts';
import type { CredentialSighting } from '../flow/flow-sessions.ts';
import { messageSessions } from '../flow/message-sessions.ts';
import type { DatasetId, Networks, RecordSource } from '../model/index.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import type { FrameHead } from '../wire/frame-head.ts';
import { protocols } from '../wire/protocols.generated.ts';
import { Registry } from '../wire/registry.ts';
import type { LogColumns, SessionDefinition } from '../wire/session.ts';
import { nodeHost } from './node-host.ts';

/** A file's hash is fixed, and so is the hash table's seed: nothing that is written depends on it, and a run repeats itself. */
const REPLAY_SEED = 0x57a7c4;
/** Shortest record of a capture: head and an Ethernet and IP header. Fewer bytes cannot begin more flows. */
const MIN_RECORD_BYTES = 50;
export const DEFAULT_MAX_FLOWS = 300_000;

export interface AnalyzeFileOptions {
  readonly networks?: Networks | undefined;
  /** Flows at once; default 300,000 (40 MB). */
  readonly maxFlows?: number | undefined;
  /** Called for each frame before it is analysed: statistics, the packet store. */
  readonly onFrame?: ((head: FrameHead, frame: number) => void) | undefined;
  /** Only flows with a packet for which this is true are written. */
  readonly select?: ((head: FrameHead) => boolean) | undefined;
  /** False leaves the Community IDs of flows empty (default true). */
  readonly communityIds?: boolean | undefined;
  readonly onProgress?: ((bytes: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is done with files that pass: digests in their records, their bytes. */
  readonly files?: FileOptions | undefined;
  /** Takes secrets that cross in clear text. */
  readonly credential?: ((found: CredentialSighting) => void) | undefined;
  /** Session parsers beside those of all dissectors. */
  readonly moreSessions?: readonly SessionDefinition[] | undefined;
  /** Where the records say they come from; default `file`. */
  readonly source?: Partial<Omit<RecordSource, 'dataset'>> | undefined;
}

/** What an analysis says of itself, beside the records. */
export interface FileAnalysis {
  readonly dataset: DatasetId;
  readonly frames: number;
  readonly flows: number;
  readonly records: number;
  /** Flows ended early because the table was full; sessions likewise. */
  readonly evicted: number;
  readonly sessionsEvicted: number;
  /** Frames that hold no IP, and IP headers that could not be read. */
  readonly notIp: number;
  readonly damagedHeaders: number;
  /** Set where the file is cut or damaged: what was read before it is valid. */
  readonly damage: WirewatchError | undefined;
}

/** Session parsers of all dissectors, made once: they share nothing from run to run but what reads messages. */
let sessions: readonly SessionDefinition[] | undefined;
export function allSessions(): readonly SessionDefinition[] {
  sessions ??= [...protocols.flatMap((d) => [...d.sessions]), ...messageSessions(new Registry(protocols))];
  return sessions;
}

/** Columns of the transactions of all sessions, by protocol: what a writer of logs needs. */
export function allLogColumns(): Readonly<Record<string, LogColumns>> {
  return Object.assign({}, ...allSessions().map((s) => s.logs ?? {})) as Record<string, LogColumns>;
}

/** Dataset of a capture file: SHA-256 of its bytes, so that the same capture has the same ids wherever it lies. */
export async function datasetOf(file: string): Promise<DatasetId> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex') as DatasetId;
}

function prepare(dataset: DatasetId, fileBytes: number, sink: AnalysisSink, options: AnalyzeFileOptions): { framer: CaptureFramer; done: () => FileAnalysis } {
  const cap = Math.max(64, Math.min(options.maxFlows ?? DEFAULT_MAX_FLOWS, Math.ceil(fileBytes / MIN_RECORD_BYTES)));
  const analyzer = new FlowAnalyzer(sink, {
    maxFlows: cap,
    seed: REPLAY_SEED,
    source: { dataset, sensorId: 'local', siteId: 'default', linkId: 'file', sampling: 1, ...options.source },
    host: nodeHost,
    sessions: options.moreSessions === undefined ? allSessions() : [...allSessions(), ...options.moreSessions],
    batched: true,
    communityIds: options.communityIds ?? true,
    onlyMarked: options.select !== undefined,
    ...(options.credential === undefined ? {} : { credential: options.credential }),
    ...(options.files === undefined ? {} : { files: options.files }),
    ...(options.networks === undefined ? {} : { networks: options.networks }),
  });
  let frame = 0;
  const { onFrame, onProgress, select } = options;
  const framer: CaptureFramer = new CaptureFramer((head) => {
    frame++;
    onFrame?.(head, frame);
    if (select !== undefined) analyzer.meter.marking = select(head);
    analyzer.frame(head.bytes, head.at, head.at + head.caplen, head.at + head.wireLen, head.linkType, frame, head.seconds, head.nanoseconds);
    if ((frame & 0xffff) === 0) {
      onProgress?.(framer.offset, fileBytes);
      if (options.signal?.aborted === true) framer.stop();
    }
  }, () => analyzer.meter.flush());
  return {
    framer,
    done: () => {
      analyzer.finish('end_of_capture');
      return {
        dataset, frames: frame, flows: analyzer.meter.flows, records: analyzer.sessions.records, evicted: analyzer.meter.evicted,
        sessionsEvicted: analyzer.sessions.sessionsEvicted, notIp: analyzer.walk.notIp, damagedHeaders: analyzer.walk.damaged, damage: framer.damage,
      };
    },
  };
}

/**
 * Reads a capture file into flow and protocol records. The same bytes give the same records in the same order.
 *
 * Damage in the file is a value of the result, not an error; a file that cannot be opened throws WW_CAPTURE_FORMAT.
 */
export async function analyzeFile(file: string, sink: AnalysisSink, options: AnalyzeFileOptions = {}): Promise<FileAnalysis> {
  const { framer, done } = prepare(await datasetOf(file), statSync(file).size, sink, options);
  await readCapture(file, framer);
  return done();
}

/** The same in one go, for scripts, workers and tests. */
export function analyzeFileSync(file: string, sink: AnalysisSink, options: AnalyzeFileOptions = {}): FileAnalysis {
  const bytes = readFileSync(file);
  const dataset = createHash('sha256').update(bytes).digest('hex') as DatasetId;
  const { framer, done } = prepare(dataset, bytes.length, sink, options);
  readCaptureSync(file, framer);
  return done();
}
