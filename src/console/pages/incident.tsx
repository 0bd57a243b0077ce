import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { call } from '../client.ts';
import type { Incident, IncidentDetail, IncidentPhase } from '../client.generated.ts';
import { ActionCard } from '../components/action-card.tsx';
import { AlertCard } from '../components/alert-card.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { EvidenceCard } from '../components/evidence-card.tsx';
import { DrillMark, Instant, PhaseMark, SeverityMark } from '../components/marks.tsx';
import { NotificationCard } from '../components/notification-card.tsx';
import { PathView } from '../components/path-view.tsx';
import { QueryView } from '../components/query-view.tsx';
import { definePage } from '../define-page.ts';
import { formText } from '../form-text.ts';
import { useMay, useSession } from '../session.ts';

const PHASES = ['triage', 'contain', 'eradicate', 'recover'] as const;

function IncidentPage({ params }: { readonly params: Readonly<Record<string, string | undefined>> }) {
  const id = params['id'] ?? '';
  const query = useQuery({ queryKey: ['incident', id], queryFn: ({ signal }) => call('GET /incidents/:id', { params: { id } }, signal) });
  return <section className="page"><QueryView query={query}>{(detail) => <Detail detail={detail} />}</QueryView></section>;
}

function Detail({ detail }: { readonly detail: IncidentDetail }) {
  const { incident, timeline, alerts, evidence, notifications, actions, paths } = detail;
  const waiting = actions.filter((a) => a.state === 'waiting_approval');
  return (
    <>
      <header className="incident-head">
        <h1>{incident.title}</h1>
        <p><SeverityMark severity={incident.severity} /> <PhaseMark phase={incident.phase} /> <DrillMark drill={incident.drill} />
          <span className="muted"> opened <Instant at={incident.openedAt} />
            {incident.mitigatedAt === null ? '' : <>, its alerts resolved <Instant at={incident.mitigatedAt} /></>}
            {incident.closedAt === null ? '' : <>, closed <Instant at={incident.closedAt} /></>}
            {incident.assignee === null ? '' : `, with ${incident.assignee}`}
          </span></p>
        <Orders incident={incident} />
      </header>
      {waiting.map((run) => <ActionCard key={run.id} run={run} />)}
      <div className="columns incident-columns">
        <div>
          <h2>Timeline</h2>
          <ol className="timeline">
            {timeline.map((e) => (
              <li key={e.seq} data-kind={e.kind}><Instant at={e.time} /><span className="kind">{e.kind.replaceAll('_', ' ')}</span><span>{e.text}{e.actor === 'system' ? null : <em> {e.actor}</em>}</span></li>
            ))}
          </ol>
          <Note incident={incident} />
        </div>
        <div>
          <h2>Alerts <small>{alerts.length}</small></h2>
          {alerts.map((a) => <AlertCard key={a.fingerprint} alert={a} evidence={evidence} />)}
          <h2>Evidence</h2>
          {evidence.length === 0 ? <div className="empty">Nothing has been frozen for it.</div> : evidence.map((e) => <EvidenceCard key={e.manifest.id} evidence={e} incidentId={incident.id} />)}
        </div>
      </div>
      {paths.before === null && paths.after === null ? null : <><h2>Path</h2><PathView before={paths.before} after={paths.after} /></>}
      <h2>Notifications</h2>
      {notifications.length === 0 ? <div className="empty">Nobody has been told.</div> : notifications.map((n) => <NotificationCard key={n.notification.id} detail={n} />)}
      {actions.length > waiting.length ? <><h2>Actions</h2>{actions.filter((a) => a.state !== 'waiting_approval').map((run) => <ActionCard key={run.id} run={run} />)}</> : null}
    </>
  );
}

/** What people do with an incident: acknowledge, take, move, close. */
function Orders({ incident }: { readonly incident: Incident }) {
  const may = useMay('incidents.write');
  const me = useSession();
  const client = useQueryClient();
  const [closing, setClosing] = useState(false);
  const id = incident.id;
  const done = (): void => {
    void client.invalidateQueries({ queryKey: ['incident', id] });
    void client.invalidateQueries({ queryKey: ['incidents'] });
  };
  const order = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSuccess: done });
  if (!may || incident.phase === 'closed') return null;
  const name = me?.name ?? me?.actor ?? '';
  const next = PHASES[PHASES.indexOf(incident.phase as (typeof PHASES)[number]) + 1];
  const close = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const resolution = formText(event.currentTarget, 'resolution');
    order.mutate(() => call('POST /incidents/:id/close', { params: { id }, body: { resolution } }));
  };
  return (
    <>
      <div className="actions">
        {incident.acknowledgedAt === null ? <button type="button" className="primary" onClick={() => order.mutate(() => call('POST /incidents/:id/acknowledge', { params: { id } }))}>Acknowledge</button> : <span className="muted">acknowledged by {incident.acknowledgedBy}</span>}
        {incident.assignee === name ? null : <button type="button" onClick={() => order.mutate(() => call('POST /incidents/:id/assign', { params: { id }, body: { assignee: name } }))}>Take it</button>}
        <label className="inline">Phase
          <select value={incident.phase} onChange={(e) => order.mutate(() => call('POST /incidents/:id/phase', { params: { id }, body: { phase: e.target.value as Exclude<IncidentPhase, 'closed'> } }))}>
            {PHASES.map((p) => <option key={p} value={p}>{p}{p === next ? ' (next)' : ''}</option>)}
          </select>
        </label>
        <button type="button" aria-expanded={closing} onClick={() => setClosing(!closing)}>Close…</button>
      </div>
      {closing ? (
        <form className="note-form" onSubmit={close}>
          <label>What was it?<textarea name="resolution" rows={2} required autoFocus /></label>
          <button type="submit" className="primary" disabled={order.isPending}>Close the incident</button>
        </form>
      ) : null}
      {order.isError ? <ErrorNote error={order.error} /> : null}
    </>
  );
}

function Note({ incident }: { readonly incident: Incident }) {
  const may = useMay('incidents.write');
  const client = useQueryClient();
  const [text, setText] = useState('');
  const note = useMutation({
    mutationFn: () => call('POST /incidents/:id/note', { params: { id: incident.id }, body: { text } }),
    onSuccess: () => {
      setText('');
      void client.invalidateQueries({ queryKey: ['incident', incident.id] });
    },
  });
  if (!may) return null;
  return (
    <form className="note-form" onSubmit={(e) => {
      e.preventDefault();
      note.mutate();
    }}>
      <label>Note<textarea rows={2} value={text} onChange={(e) => setText(e.target.value)} required /></label>
      <button type="submit" disabled={text.trim() === '' || note.isPending}>Add to the timeline</button>
      {note.isError ? <ErrorNote error={note.error} /> : null}
    </form>
  );
}

export const incidentPage = definePage({ path: '/incidents/:id', title: 'Incident', permission: 'incidents.read', nav: null, component: IncidentPage });
export default incidentPage;
