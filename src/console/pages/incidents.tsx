import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from 'wouter';
import { call } from '../client.ts';
import { DrillMark, Instant, PhaseMark, SeverityMark } from '../components/marks.tsx';
import { QueryView } from '../components/query-view.tsx';
import { definePage } from '../define-page.ts';

const TABS = [['open', 'Open'], ['closed', 'Closed'], ['all', 'All']] as const;

function IncidentsPage() {
  const wanted = new URLSearchParams(useSearch()).get('status');
  const status = TABS.find(([key]) => key === wanted)?.[0] ?? 'open';
  const [, go] = useLocation();
  const query = useQuery({ queryKey: ['incidents', status], queryFn: ({ signal }) => call('GET /incidents', { query: { status, limit: 500 } }, signal) });
  return (
    <section className="page">
      <h1>Incidents</h1>
      <div className="tabs" role="tablist" aria-label="Which incidents">
        {TABS.map(([key, title]) => <button key={key} type="button" role="tab" aria-selected={key === status} onClick={() => go(`/incidents?status=${key}`)}>{title}</button>)}
      </div>
      <QueryView query={query} isEmpty={(p) => p.rows.length === 0} empty={status === 'open' ? 'No open incidents.' : 'None yet.'}>
        {(page) => (
          <div className="scroll"><table className="linked">
            <thead><tr><th>Severity</th><th>Incident</th><th>Phase</th><th>Opened</th><th>With whom</th><th className="right">Alerts</th></tr></thead>
            <tbody>
              {page.rows.map((i) => (
                <tr key={i.id} onClick={() => go(`/incidents/${encodeURIComponent(i.id)}`)}>
                  <td><SeverityMark severity={i.severity} /></td>
                  <td><Link href={`/incidents/${encodeURIComponent(i.id)}`}>{i.title}</Link> <DrillMark drill={i.drill} /></td>
                  <td><PhaseMark phase={i.phase} />{i.mitigatedAt !== null && i.closedAt === null ? <span className="muted"> mitigated</span> : null}</td>
                  <td><Instant at={i.openedAt} /></td>
                  <td>{i.assignee ?? i.acknowledgedBy ?? <span className="muted">nobody</span>}</td>
                  <td className="right">{i.alerts.length}</td>
                </tr>
              ))}
            </tbody>
          </table></div>
        )}
      </QueryView>
    </section>
  );
}

export const incidentsPage = definePage({ path: '/incidents', title: 'Incidents', permission: 'incidents.read', nav: { order: 2, key: 'i' }, component: IncidentsPage });
export default incidentsPage;
