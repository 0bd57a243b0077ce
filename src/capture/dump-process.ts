// Captures one interface into files: the part of `wirewatch capture` that needs the privilege and loads native code.
// Started by fork() with the serialization `advanced`; its one argument is the options as JSON, messages are in dump-messages.ts.
import { enableCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { WirewatchError } from '../base/errors.ts';
import type { CaptureSource, LiveOptions } from './capture-source.ts';
import type { DumpCounts, FromDump } from './dump-messages.ts';
import { DumpWriter, type DumpOptions } from './dump-writer.ts';
import { RingSource } from './ring-source.ts';
import { TcpdumpSource } from './tcpdump-source.ts';

enableCompileCache();

export interface DumpProcessOptions {
  readonly live: LiveOptions;
  readonly dump: DumpOptions;
}

const TICK_MS = 50;
const PROGRESS_MS = 1000;
const DEFAULT_LINK_TYPE = 1;

const { live, dump } = JSON.parse(process.argv[2]) as DumpProcessOptions;
const writer = new DumpWriter(dump);
let source: CaptureSource | undefined;
let refusal: WirewatchError | undefined;
let open = false;
let ending = false;
let over = false;

function tell(message: FromDump): Promise<void> {
  return new Promise((done) => {
    if (process.connected) process.send!(message, () => done());
    else done();
  });
}

function counts(): DumpCounts {
  const { received, dropped } = source?.counts() ?? { received: 0, dropped: 0 };
  return { packets: writer.packets, bytes: writer.bytes, received, dropped };
}

function onPacket(bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number, linkType: number): void {
  if (over) return;
  try {
    if (!open) {
      open = true;
      writer.start(linkType, performance.now(), Date.now());
    }
    writer.add(bytes, at, caplen, wireLen, seconds, nanoseconds);
    if (writer.due) tick();
  } catch (error) {
    fail(error);
  }
}

function tick(): void {
  writer.tick(performance.now(), Date.now());
  if (writer.finished !== null) end(writer.finished);
}

/** The end never comes within the source's own loop: the ring must not be unmapped while it is read. */
function end(reason: string): void {
  if (ending || over) return;
  ending = true;
  setImmediate(() => void finish(reason));
}

async function finish(reason: string): Promise<void> {
  // Stopping hands over what came until now.
  await Promise.race([source?.stop(), sleep(4000)]);
  if (over) return;
  over = true;
  const last = counts();
  try {
    if (!open) writer.start(DEFAULT_LINK_TYPE, performance.now(), Date.now());
    writer.end(last.received, last.dropped);
  } catch (error) {
    return await leave(failure(error));
  }
  await leave({ kind: 'ended', reason, counts: last, files: writer.files });
}

function fail(error: unknown): void {
  if (over) return;
  over = true;
  setImmediate(() => void leave(failure(error)));
}

async function leave(message: FromDump): Promise<void> {
  await tell(message);
  await Promise.race([source?.stop(), sleep(2000)]);
  process.exit(message.kind === 'failed' ? 1 : 0);
}

function failure(error: unknown): FromDump {
  if (error instanceof WirewatchError) return { kind: 'failed', code: error.code, message: error.message, where: error.where, remedy: error.remedy };
  return { kind: 'failed', code: null, message: (error as Error).stack ?? String(error) };
}

/** The ring, or tcpdump where this process may not open one (tcpdump may have the privilege itself). */
function openSource(): CaptureSource {
  try {
    const ring = new RingSource(live);
    open = true;
    writer.start(ring.linkType, performance.now(), Date.now());
    return ring;
  } catch (error) {
    if (!(error instanceof WirewatchError) || error.code !== 'WW_CAPTURE_PRIVILEGE') throw error;
    refusal = error;
    return new TcpdumpSource(live);
  }
}

try {
  source = openSource();
  source.start(onPacket, (reason) => {
    // tcpdump was refused as well: what the ring needed is the better advice.
    if (refusal !== undefined && writer.packets === 0 && reason !== 'ended') fail(refusal);
    else end(reason);
  });
  void tell({ kind: 'started', source: source.kind });
  setInterval(() => {
    try {
      tick();
    } catch (error) {
      fail(error);
    }
  }, TICK_MS);
  setInterval(() => void tell({ kind: 'progress', counts: counts() }), PROGRESS_MS);
} catch (error) {
  fail(error);
}
process.on('message', () => end('stopped'));
process.on('disconnect', () => end('stopped'));
process.on('SIGINT', () => end('stopped')).on('SIGTERM', () => end('stopped'));
