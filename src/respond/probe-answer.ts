import type { CheckState, ProbeResult, UplinkVerdict } from '../model/index.ts';
import type { ProbeAnswer } from './define-action.ts';

/**
 * What one round, asked for by an action, says of the check.
 *
 * A round that fails cannot tell the target's trouble from the monitor's own: there the check's standing verdict and the uplink
 * speak, and INCONCLUSIVE keeps actions from being done. A round that answers in part is DEGRADED.
 */
export function answerOfRound(
  result: Pick<ProbeResult, 'ok' | 'sent' | 'received' | 'failure'>, standing: CheckState, uplink: UplinkVerdict['verdict'] | null,
): ProbeAnswer {
  const answered = `${result.received} of ${result.sent} answered`;
  if (standing === 'MAINTENANCE') return { state: 'MAINTENANCE', reason: `planned work; ${answered}` };
  if (result.ok) return { state: result.received < result.sent ? 'DEGRADED' : 'UP', reason: answered };
  const reason = result.failure?.message ?? answered;
  if (result.failure?.class === 'local') return { state: 'INCONCLUSIVE', reason: `the monitor's own fault: ${reason}` };
  if (uplink === 'lost') return { state: 'INCONCLUSIVE', reason: `the monitor's own uplink is lost: ${reason}` };
  return { state: standing === 'INCONCLUSIVE' || standing === 'UNREACHABLE' ? standing : 'DOWN', reason };
}
