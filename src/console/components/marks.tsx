import { ago, dateTime, utc } from '../format.ts';
import type { CheckState, IncidentPhase, Severity } from '../client.generated.ts';

/** State of a check: colour and word, never colour alone. */
export function StateMark({ state }: { readonly state: CheckState }) {
  return <span className={`mark state-${state.toLowerCase()}`}>{state}</span>;
}

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return <span className={`mark severity-${severity}`}>{severity}</span>;
}

export function PhaseMark({ phase }: { readonly phase: IncidentPhase }) {
  return <span className={`phase phase-${phase}`}>{phase}</span>;
}

export function DrillMark({ drill }: { readonly drill: boolean }) {
  return drill ? <span className="mark drill">DRILL</span> : null;
}

/** An instant in the reader's zone; hover shows UTC. */
export function Instant({ at, now }: { readonly at: string; readonly now?: number }) {
  return <time dateTime={utc(at)} title={utc(at)}>{now === undefined ? dateTime(at) : ago(at, now)}</time>;
}
