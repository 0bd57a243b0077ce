import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../client.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { Instant } from '../components/marks.tsx';
import { definePage } from '../define-page.ts';
import { count } from '../format.ts';

function AuditPage() {
  const [actor, setActor] = useState('');
  const [action, setAction] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['audit', actor, action],
    queryFn: ({ pageParam, signal }) => call('GET /audit', { query: { limit: 200, cursor: pageParam, actor: actor || null, action: action || null } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.cursor,
  });
  const verify = useMutation({ mutationFn: () => call('GET /audit/verify', {}) });
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? [];
  return (
    <section className="page">
      <h1>Audit</h1>
      <div className="actions">
        <label className="inline">Who<input value={actor} onChange={(e) => setActor(e.target.value)} placeholder="anybody" /></label>
        <label className="inline">What<input value={action} onChange={(e) => setAction(e.target.value)} placeholder="incident." /></label>
        <button type="button" onClick={() => verify.mutate()} disabled={verify.isPending}>{verify.isPending ? 'Verifying…' : 'Verify the chain'}</button>
        {verify.data === undefined ? null : <span role="status" className={`mark verdict-${verify.data.ok ? 'intact' : 'damaged'}`}>{verify.data.ok ? `${count(verify.data.events)} events, intact` : `broken at event ${verify.data.brokenAt}: ${verify.data.problem}`}</span>}
      </div>
      {verify.isError ? <ErrorNote error={verify.error} /> : null}
      {query.isError ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? <div className="skeleton" role="status" aria-label="Loading"><i /><i /><i /></div> : rows.length === 0 && !query.isError ? <div className="empty">No event matches.</div> : (
        <div className="scroll"><table>
          <thead><tr><th className="right">No.</th><th>Time</th><th>Who</th><th>What</th><th>On</th><th>Details</th><th>Hash</th></tr></thead>
          <tbody>{rows.map((e) => (
            <tr key={e.seq}><td className="right">{e.seq}</td><td><Instant at={e.time} /></td><td>{e.actor}</td><td><code>{e.action}</code></td><td className="wrap">{e.object}</td>
              <td className="muted wrap">{Object.entries(e.details).map(([k, v]) => `${k} ${v}`).join(', ')}</td><td><code title={e.hash}>{e.hash.slice(0, 8)}</code></td></tr>
          ))}</tbody>
        </table></div>
      )}
      {query.hasNextPage ? <button type="button" onClick={() => void query.fetchNextPage()}>Earlier events</button> : null}
    </section>
  );
}

export const auditPage = definePage({ path: '/audit', title: 'Audit', permission: 'audit.read', nav: { order: 6, key: 'a' }, component: AuditPage });
export default auditPage;
