import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../client.ts';
import { Instant, StateMark } from '../components/marks.tsx';
import { PathView } from '../components/path-view.tsx';
import { QueryView } from '../components/query-view.tsx';
import { SmokeGraph } from '../components/smoke-graph.tsx';
import { definePage } from '../define-page.ts';
import { percent, rtt } from '../format.ts';

const SHOWN_MS = 6 * 3_600_000;

function lastHours(): { from: string; to: string } {
  const now = Date.now();
  return { from: `${now - SHOWN_MS}000000`, to: `${now}000000` };
}

function CheckPage({ params }: { readonly params: Readonly<Record<string, string | undefined>> }) {
  const id = params['id'] ?? '';
  const [range] = useState(lastHours);
  const query = useQuery({ queryKey: ['check', id], queryFn: ({ signal }) => call('GET /checks/:id', { params: { id }, query: range }, signal) });
  return (
    <section className="page">
      <QueryView query={query}>
        {({ check, changes, paths, results }) => (
          <>
            <h1>{check.title} <StateMark state={check.state} /></h1>
            <p className="muted">{check.probe} {check.target}{check.reason === '' ? '' : ` · ${check.reason}`}</p>
            <SmokeGraph rounds={check.rounds} height={140} />
            <h2>Changes of state <small>last six hours</small></h2>
            {changes.length === 0 ? <div className="empty">None.</div> : (
              <ol className="timeline">
                {changes.map((c) => (
                  <li key={c.time + c.to}><Instant at={c.time} /><StateMark state={c.to} /><span>{c.reason}
                    {c.steps.length === 0 ? null : <details><summary>{c.steps.length} steps led to it</summary><ul>{c.steps.map((s) => <li key={s.time + s.step}><Instant at={s.time} /> {s.step}: {s.outcome}</li>)}</ul></details>}
                  </span></li>
                ))}
              </ol>
            )}
            {paths.length === 0 ? null : <><h2>Path</h2><PathView before={paths.at(-2) ?? null} after={paths.at(-1) ?? null} /></>}
            <h2>Rounds <small>newest first</small></h2>
            {results.length === 0 ? <div className="empty">None in this time.</div> : (
              <div className="scroll"><table>
                <thead><tr><th>Time</th><th>Answered</th><th>Median</th><th>Outcome</th></tr></thead>
                <tbody>{[...results].reverse().slice(0, 200).map((r) => (
                  <tr key={r.id}><td><Instant at={r.time} /></td><td>{r.received} of {r.sent} ({percent(1 - r.received / Math.max(1, r.sent))} lost)</td><td>{rtt(medianOf(r.rttNs))}</td><td>{r.failure === null ? 'ok' : `${r.failure.class}: ${r.failure.message}`}</td></tr>
                ))}</tbody>
              </table></div>
            )}
          </>
        )}
      </QueryView>
    </section>
  );
}

function medianOf(rtts: readonly (number | null)[]): number | null {
  const answered = rtts.filter((v) => v !== null).sort((a, b) => a - b);
  return answered.length === 0 ? null : answered[answered.length >> 1];
}

export const checkPage = definePage({ path: '/checks/:id', title: 'Check', permission: 'overview.read', nav: null, component: CheckPage });
export default checkPage;
