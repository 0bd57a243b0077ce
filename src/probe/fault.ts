import type { FailureClass, ProbeFailure } from '../model/index.ts';
import { failure, failureOfError } from './define-probe.ts';

/**
 * What went wrong in the middle of a probe's talk. It never leaves the probe: `run` turns it into a failure, which is a value.
 */
export class Fault extends Error {
  readonly failure: ProbeFailure;

  constructor(kind: FailureClass, message: string) {
    super(message);
    this.failure = failure(kind, message);
  }
}

/** The failure in whatever was thrown: a fault's own, or that of a socket's error. */
export function failureOf(error: unknown): ProbeFailure {
  return error instanceof Fault ? error.failure : failureOfError(error);
}
