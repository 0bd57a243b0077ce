import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { WirewatchError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import type { Case, CaseStep } from '../model/index.ts';

export type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;

/** A step before it has its place in the chain. */
export type StepDraft = Omit<CaseStep, 'seq' | 'previous' | 'hash'>;

/** The case with one more step, chained to the one before (the first to the case's own head). */
export function appendStep(kept: Case, draft: StepDraft, host: DigestHost): Case {
  const last = kept.steps[kept.steps.length - 1];
  const open: Omit<CaseStep, 'hash'> = { ...draft, seq: kept.steps.length + 1, previous: last?.hash ?? headHash(kept, host) };
  return { ...kept, steps: [...kept.steps, { ...open, hash: stepHash(open, host) }] };
}

/** What the chain begins with: so that title and date of a case cannot change unseen either. */
export function headHash(kept: Case, host: DigestHost): string {
  const { schema, id, title, createdAt } = kept;
  return digest({ schema, id, title, createdAt }, host);
}

/** SHA-256 over a step with its place and the hash of the one before. */
export function stepHash(step: Omit<CaseStep, 'hash'>, host: DigestHost): string {
  const { seq, time, actor, verb, args, inputs, resultSha256, resultBytes, reason, previous } = step;
  return digest({ seq, time, actor, verb, args, inputs, resultSha256, resultBytes, reason, previous }, host);
}

function digest(value: unknown, host: DigestHost): string {
  return toHex(host.sha256(host.encodeUtf8(canonicalJson(value))));
}

export interface ChainFinding {
  readonly seq: number;
  readonly problem: string;
}

/** Where the chain of a case does not hold; empty = no step was altered, taken out, put in or moved. */
export function verifyChain(kept: Case, host: DigestHost): ChainFinding[] {
  const findings: ChainFinding[] = [];
  let previous = headHash(kept, host);
  for (const [i, step] of kept.steps.entries()) {
    if (step.seq !== i + 1) findings.push({ seq: step.seq, problem: `step ${step.seq} stands in place ${i + 1}` });
    if (step.previous !== previous) findings.push({ seq: step.seq, problem: i === 0 ? 'the head of the case was altered' : 'the step before is not the one it was chained to' });
    if (step.hash !== stepHash(step, host)) findings.push({ seq: step.seq, problem: 'the step was altered' });
    previous = step.hash;
  }
  return findings;
}

/** The case as it is written; instants as digits. */
export function caseText(kept: Case): string {
  return `${JSON.stringify(kept, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 1)}\n`;
}

/** Reads what `caseText` wrote. Throws WW_ARGUMENT for anything else. */
export function parseCase(text: string, where: string): Case {
  const refuse = (message: string, cause?: unknown): never => {
    throw new WirewatchError('WW_ARGUMENT', message, { where, cause });
  };
  let raw: Case | undefined;
  try {
    raw = JSON.parse(text) as Case;
  } catch (cause) {
    refuse('the case is not JSON', cause);
  }
  if (raw?.schema !== 1 || typeof raw.id !== 'string' || typeof raw.title !== 'string' || !Array.isArray(raw.steps)) return refuse('this is not a case that this version knows');
  const nanos = (value: unknown): bigint => (/^\d+$/.test(String(value)) ? BigInt(String(value)) : refuse('an instant of the case is not a number'));
  return { ...raw, createdAt: nanos(raw.createdAt), steps: raw.steps.map((s) => ({ ...s, time: nanos(s.time) })) };
}
