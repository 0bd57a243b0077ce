import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../client.ts';
import type { ActionRun } from '../client.generated.ts';
import { useMay } from '../session.ts';
import { ErrorNote } from './error-note.tsx';
import { Instant } from './marks.tsx';

/** A plan and what became of it; whoever may, approves, rejects or reverts it. */
export function ActionCard({ run }: { readonly run: ActionRun }) {
  const may = useMay('actions.approve');
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [rejecting, setRejecting] = useState(false);
  const params = { id: run.id };
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['incident', run.plan.incidentId] }),
  });
  const waiting = run.state === 'waiting_approval';
  return (
    <article className={`card action ${waiting ? 'waiting' : ''}`}>
      <header><strong>{run.plan.action}</strong> on <code>{run.plan.subject}</code> <span className={`mark run-${run.state}`}>{run.state.replaceAll('_', ' ')}</span>
        <span className="muted"> impact {run.plan.impact}{run.reason === 'none' ? '' : ` · ${run.reason.replaceAll('_', ' ')}`}{run.approvedBy === null ? '' : ` · approved by ${run.approvedBy}`}</span></header>
      <ol className="steps">{run.plan.steps.map((s) => <li key={s}>{s}</li>)}</ol>
      {Object.keys(run.plan.facts).length === 0 ? null : <p className="labels">{Object.entries(run.plan.facts).map(([k, v]) => <code key={k}>{k}={v}</code>)}</p>}
      {run.log.length === 0 ? null : <details><summary>Log, {run.log.length} lines</summary><ul>{run.log.map((l) => <li key={l.time + l.text}><Instant at={l.time} /> {l.text}</li>)}</ul></details>}
      {may ? (
        <div className="actions">
          {waiting ? <button type="button" className="primary" disabled={act.isPending} onClick={() => act.mutate(() => call('POST /actions/:id/approve', { params }))}>Approve and run</button> : null}
          {waiting ? <button type="button" aria-expanded={rejecting} onClick={() => setRejecting(!rejecting)}>Reject…</button> : null}
          {run.plan.revertable && run.state === 'succeeded' ? <button type="button" disabled={act.isPending} onClick={() => act.mutate(() => call('POST /actions/:id/revert', { params }))}>Revert</button> : null}
        </div>
      ) : null}
      {rejecting && waiting ? (
        <form className="note-form" onSubmit={(e) => {
          e.preventDefault();
          act.mutate(() => call('POST /actions/:id/reject', { params, body: { reason } }));
        }}>
          <label>Why not?<input value={reason} onChange={(e) => setReason(e.target.value)} required autoFocus /></label>
          <button type="submit">Reject</button>
        </form>
      ) : null}
      {act.isError ? <ErrorNote error={act.error} /> : null}
    </article>
  );
}
