import type { z } from 'zod';
import type { Host } from '../base/host.ts';
import type { FailureClass, ProbeFailure } from '../model/index.ts';

/** What one round of a probe found. A target's failure is a value; a throw is a bug. */
export interface ProbeOutcome {
  readonly ok: boolean;
  readonly failure: ProbeFailure | null;
  readonly sent: number;
  readonly received: number;
  /** In order of sending, nanoseconds; null = lost. */
  readonly rttNs: readonly (number | null)[];
  /** Named measurements in base units (seconds, bytes). */
  readonly measurements: Readonly<Record<string, number>>;
  /** What was seen, for people and for evidence. No secrets. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface ProbeTarget {
  /** Address or host name. */
  readonly address: string;
  readonly family: 'any' | 'ipv4' | 'ipv6';
}

/** Answer of a name look-up: addresses in the resolver's order, or why there are none. */
export type Resolution =
  | { readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[]; readonly seconds: number }
  | { readonly failure: ProbeFailure; readonly seconds: number };

/** Echo requests of one burst. */
export interface EchoBurst {
  readonly count: number;
  readonly spacingMs: number;
  readonly timeoutMs: number;
  /** Bytes of payload. */
  readonly size: number;
  /** Where it goes out; the routes choose where it is left out. */
  readonly via?: { readonly source?: string | undefined; readonly interface?: string | undefined } | undefined;
}

export interface EchoAnswer {
  readonly rttNs: readonly (number | null)[];
  /** Set where sending itself failed, or a router said that the target cannot be reached. */
  readonly failure: ProbeFailure | null;
  /** `raw`, `dgram`, `ping`: how it was measured. */
  readonly method: string;
}

/** What a probe may use. */
export interface ProbeContext {
  /** Text of bytes, handed in for decoders of the wire. */
  readonly host: Host;
  /** A round ends after this time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  resolve(target: ProbeTarget): Promise<Resolution>;
  echo(address: string, family: 4 | 6, burst: EchoBurst): Promise<EchoAnswer>;
  /** Nanoseconds of a monotonic clock. */
  monotonicNs(): bigint;
  /** Nanoseconds of the wall clock as it stands now: it may step. For probes that measure that clock. */
  wallNs(): bigint;
  /** Log of one run, for `--explain`. */
  log(text: string): void;
}

/** A kind of measurement: one file in probe/types exports one. */
export interface ProbeDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  /** Options with their meaning (`describe`): user documentation. */
  readonly options: Schema;
  run(ctx: ProbeContext, target: ProbeTarget, options: z.output<Schema>): Promise<ProbeOutcome>;
}

export function defineProbe<Schema extends z.ZodType>(definition: ProbeDefinition<Schema>): ProbeDefinition<Schema> {
  return definition;
}

const NOTHING = { measurements: {}, notes: {} } as const;

/** A round that failed before anything was measured. */
export function failedOutcome(failure: ProbeFailure, sent = 1, more: Partial<Pick<ProbeOutcome, 'measurements' | 'notes'>> = {}): ProbeOutcome {
  return { ok: false, failure, sent, received: 0, rttNs: Array.from({ length: sent }, () => null), ...NOTHING, ...more };
}

export function failure(kind: FailureClass, message: string): ProbeFailure {
  return { class: kind, message };
}

/** Class of a socket's error: the classes are never mixed, and what this machine did wrong is `local`. */
export function failureOfError(error: unknown): ProbeFailure {
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case 'ECONNREFUSED': return failure('refused', 'the port refuses connections');
    case 'EHOSTUNREACH': return failure('unreachable', 'no route to the host');
    case 'ENETUNREACH': return failure('unreachable', 'no route to its network');
    case 'ETIMEDOUT': case 'ABORT_ERR': return failure('timeout', 'no answer in time');
    case 'ECONNRESET': case 'EPIPE': return failure('protocol', 'the connection was reset');
    case 'ENOTFOUND': case 'EAI_AGAIN': case 'EAI_NODATA': case 'EAI_NONAME': return failure('name', `the name does not resolve (${code})`);
    case 'EACCES': case 'EPERM': case 'EADDRNOTAVAIL': case 'EADDRINUSE': case 'EMFILE': case 'ENFILE': case 'ENOBUFS': case 'ENOMEM':
      return failure('local', `this machine cannot send: ${code}`);
    default: return failure('protocol', code ?? message ?? 'unknown error');
  }
}
