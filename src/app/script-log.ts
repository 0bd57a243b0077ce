import type { CheckId, ProbeResult, StateChange } from '../model/index.ts';
import { medianOfSorted } from '../base/statistics.ts';
import type { Log } from './log.ts';

/** Name and host of each check, and the limit of its latency: what the script's sentences need. */
export interface ScriptCheck {
  readonly name: string;
  readonly host: string;
  readonly latencyMs: number | undefined;
}

/**
 * Writes the sentences of the monitoring script of seed 002 into the log: a line a round.
 *
 * Unlike the script it never writes a latency for a host that did not answer or a name that did not resolve (fault S3), and says
 * "No response" only once the state is DOWN: while the monitor's own uplink is in doubt that is not known (fault S12).
 */
export class ScriptLog {
  readonly #checks: ReadonlyMap<CheckId, ScriptCheck>;
  readonly #log: Log;
  readonly #down = new Set<CheckId>();

  constructor(checks: ReadonlyMap<CheckId, ScriptCheck>, log: Log) {
    this.#checks = checks;
    this.#log = log;
  }

  onRound(result: ProbeResult): void {
    const check = this.#checks.get(result.checkId);
    if (check === undefined) return;
    const { name, host } = check;
    const samples = result.rttNs.filter((v): v is number => v !== null).sort((a, b) => a - b);
    if (samples.length > 0) {
      const ms = medianOfSorted(samples) / 1e6;
      this.#log('info', `${name} (${host}) latency: ${ms.toFixed(2)} ms`);
      if (check.latencyMs !== undefined && ms > check.latencyMs) this.#log('warn', `High latency detected for ${name} (${host}): ${ms.toFixed(2)} ms.`);
      if (result.received < result.sent) this.#log('warn', `Packet loss for ${name} (${host}): ${result.sent - result.received} of ${result.sent} lost.`);
      return;
    }
    if (result.failure !== null && result.failure.class !== 'timeout' && result.failure.class !== 'unreachable') {
      this.#log('error', `${name} (${host}) could not be measured: ${result.failure.message}.`);
    } else if (this.#down.has(result.checkId)) {
      this.#log('error', `No response from ${name} (${host}).`);
    }
  }

  onState(change: StateChange): void {
    const check = this.#checks.get(change.checkId);
    if (check === undefined || !change.hard) return;
    const { name, host } = check;
    if (change.to === 'DOWN') {
      this.#down.add(change.checkId);
      this.#log('error', `No response from ${name} (${host}).`);
      return;
    }
    if (this.#down.delete(change.checkId) && (change.to === 'UP' || change.to === 'DEGRADED')) this.#log('info', `${name} (${host}) responds again.`);
  }
}
