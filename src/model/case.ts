import type { Nanos } from '../base/time.ts';

/** One step of an analyst: what was run on what, what came out, and why. */
export interface CaseStep {
  readonly seq: number;
  readonly time: Nanos;
  readonly actor: string;
  /** `read`, `flows`, `follow`, `stats`, `analyze`, `note`. */
  readonly verb: string;
  /** Arguments as typed, paths relative to the case. */
  readonly args: readonly string[];
  /** SHA-256 of each input file by its name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** SHA-256 of the result's bytes; null for a note. */
  readonly resultSha256: string | null;
  readonly resultBytes: number;
  readonly reason: string;
  /** Digest of the step before, so that the record is a chain. */
  readonly previous: string;
  readonly hash: string;
}

export interface Case {
  readonly schema: 1;
  readonly id: string;
  readonly title: string;
  readonly createdAt: Nanos;
  readonly steps: readonly CaseStep[];
}
