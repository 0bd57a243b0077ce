// The prober as a process of its own: only it may send ICMP, and a slow query elsewhere never becomes a false outage.
// Started by fork() with the serialization `advanced`; messages in prober-messages.ts.
import { enableCompileCache } from 'node:module';
import type { Host } from '../base/host.ts';
import type { FromProber, ProberEvent, ToProber } from './prober-messages.ts';
import { ProbeRunner } from './probe-runner.ts';
import { Prober } from './prober.ts';
import { types } from './types.generated.ts';
import type { ProbeDefinition } from './define-probe.ts';

enableCompileCache();

const FLUSH_MS = 50;
/** Batches that main has not taken yet; beyond it events are held, and beyond MAX_HELD the oldest results are dropped and counted. */
const MAX_UNACKNOWLEDGED = 4;
const MAX_HELD = 20_000;

/** DNS names are ASCII on the wire: all that the probes' decoders need of a host. */
const textOnly = { latin1: (b: Uint8Array, at: number, end: number) => Buffer.from(b.buffer, b.byteOffset + at, end - at).toString('latin1') } as Host;

const runner = new ProbeRunner(types as unknown as readonly ProbeDefinition[], textOnly);
let held: ProberEvent[] = [];
let unacknowledged = 0;
let dropped = 0;
let timer: NodeJS.Timeout | undefined;

function send(message: FromProber): void {
  if (process.connected) process.send!(message);
}

function flush(): void {
  timer = undefined;
  if (held.length === 0 || unacknowledged >= MAX_UNACKNOWLEDGED) return;
  unacknowledged++;
  const events = held;
  held = [];
  send({ kind: 'batch', events, dropped, memories: prober.memories() });
  dropped = 0;
}

const prober = new Prober(runner, (event) => {
  held.push(event);
  if (held.length > MAX_HELD) {
    // States and verdicts are never dropped; samples are.
    const oldest = held.findIndex((e) => e.kind === 'result');
    if (oldest >= 0) {
      held.splice(oldest, 1);
      dropped++;
    }
  }
  timer ??= setTimeout(flush, FLUSH_MS);
});

function handle(message: ToProber): void {
  switch (message.kind) {
    case 'plan': return prober.configure(message.plan);
    case 'ack':
      unacknowledged = Math.max(0, unacknowledged - message.batches);
      if (held.length > 0) timer ??= setTimeout(flush, FLUSH_MS);
      return;
    case 'run':
      prober.runOnce(message.checkId).then(
        (result) => send({ kind: 'reply', request: message.request, result }),
        (error: unknown) => send({ kind: 'reply', request: message.request, error: (error as Error).message }),
      );
      return;
    case 'trace':
      prober.traceOnce(message.targetId).then(
        (trace) => send({ kind: 'reply', request: message.request, trace }),
        (error: unknown) => send({ kind: 'reply', request: message.request, error: (error as Error).message }),
      );
      return;
    case 'stop':
      prober.stop();
      flush();
      process.exit(0);
  }
}

process.on('message', (message) => handle(message as ToProber));
// Main is gone: nobody hears.
process.on('disconnect', () => process.exit(0));
// A terminal's interrupt reaches the whole group; main decides when this ends.
process.on('SIGINT', () => undefined);
send({ kind: 'ready', icmp: runner.modes });
