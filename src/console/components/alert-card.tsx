import { Link } from 'wouter';
import type { Alert, Evidence } from '../client.generated.ts';
import { percent } from '../format.ts';
import { useMay } from '../session.ts';
import { Instant, SeverityMark } from './marks.tsx';

/** One alert: what it claims, on what it rests, how sure it is and in which parts. */
export function AlertCard({ alert, evidence }: { readonly alert: Alert; readonly evidence: readonly Evidence[] }) {
  const mayFlows = useMay('flows.read');
  const mayPackets = useMay('packets.read');
  const capture = evidence.flatMap((e) => Object.values(e.captures))[0];
  const parts = Object.entries(alert.score);
  return (
    <article className="card">
      <header><SeverityMark severity={alert.severity} /> <strong>{alert.name}</strong> <span className={`alert-${alert.state}`}>{alert.state}</span> <span className="muted">since <Instant at={alert.activeAt} /></span></header>
      <p>{alert.annotations['summary'] ?? Object.values(alert.annotations)[0] ?? ''}</p>
      <p className="labels">{Object.entries(alert.labels).map(([k, v]) => <code key={k}>{k}={v}</code>)}</p>
      {parts.length === 0 ? null : (
        <dl className="score" aria-label="Parts of the score">
          {parts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value >= 0 && value <= 1 ? <meter min={0} max={1} value={value} /> : null}<span>{Number(value.toPrecision(3))}</span></dd></div>)}
        </dl>
      )}
      <p className="muted">
        confidence {percent(alert.confidence)}{alert.loss === null ? ', capture loss unknown' : `, under ${percent(alert.loss)} capture loss`}
        {alert.techniques.map((t) => <a key={t} className="technique" href={`https://attack.mitre.org/techniques/${t.replace('.', '/')}/`} target="_blank" rel="noreferrer">{t}</a>)}
      </p>
      <div className="actions">
        {alert.evidence.filter((e) => e.filter !== null).map((e) => (
          <span key={`${e.kind}${e.filter}`} className="actions">
            {mayFlows ? <Link className="button" href={`/flows?filter=${encodeURIComponent(e.filter!)}`}>Flows that show it</Link> : null}
            {mayPackets && capture !== undefined ? <Link className="button" href={`/packets?capture=${encodeURIComponent(capture)}&filter=${encodeURIComponent(e.filter!)}`}>Packets that show it</Link> : null}
          </span>
        ))}
      </div>
    </article>
  );
}
