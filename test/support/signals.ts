import { NS_PER_SECOND, type Nanos } from '../../src/base/time.ts';
import type { Signal } from '../../src/model/index.ts';

/** 2026-01-01T00:00:00Z, where the stories of the tests begin. */
export const T0: Nanos = 1_767_225_600n * NS_PER_SECOND;

/** `seconds` after the beginning. */
export const at = (seconds: number): Nanos => T0 + BigInt(seconds) * NS_PER_SECOND;

/** A signal of a check that is down; `over` replaces what matters to the test. */
export function signalOf(time: Nanos, over: Partial<Signal> = {}): Signal {
  return {
    schema: 1, id: `signal-${time}`, kind: 'threshold', name: 'check-down', status: 'firing', time, startsAt: time,
    labels: { target: 'web', check: 'web-icmp' }, annotations: { summary: 'No response from web (192.0.2.1).' }, severity: 'critical', confidence: 1,
    techniques: [], evidence: [], loss: null, score: {}, drill: false, ...over,
  };
}
