import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call } from '../client.ts';
import type { CaptureStatus, CheckOverview, CheckState, Overview, Severity } from '../client.generated.ts';
import { DrillMark, Instant, SeverityMark, StateMark } from '../components/marks.tsx';
import { QueryView } from '../components/query-view.tsx';
import { SmokeGraph } from '../components/smoke-graph.tsx';
import { TrafficGraph } from '../components/traffic-graph.tsx';
import { definePage } from '../define-page.ts';
import { bitRate, bytes, count, percent, rtt, toMs } from '../format.ts';
import { useMay } from '../session.ts';

/** What needs a person comes first. */
const SEVERITIES: readonly Severity[] = ['critical', 'error', 'warning', 'info'];
const ORDER: readonly CheckState[] = ['DOWN', 'DEGRADED', 'INCONCLUSIVE', 'UNREACHABLE', 'UNKNOWN', 'MAINTENANCE', 'UP'];

function OverviewPage() {
  const overview = useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => call('GET /overview', {}, signal), refetchInterval: 60_000 });
  const mayIncidents = useMay('incidents.read');
  return (
    <section className="page">
      <h1>Overview</h1>
      {mayIncidents ? <OpenIncidents /> : null}
      <QueryView query={overview}>
        {(data) => (
          <>
            <Uplink overview={data} />
            <div className="columns">
              <Targets checks={data.checks} now={toMs(data.now)} />
              <Traffic overview={data} />
            </div>
          </>
        )}
      </QueryView>
    </section>
  );
}

function OpenIncidents() {
  const open = useQuery({ queryKey: ['incidents', 'open'], queryFn: ({ signal }) => call('GET /incidents', { query: { status: 'open', limit: 20 } }, signal) });
  if (open.data === undefined || open.data.rows.length === 0) return null;
  return (
    <ul className="open-incidents" aria-label="Open incidents">
      {[...open.data.rows].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)).map((i) => (
        <li key={i.id} className={`severity-edge-${i.severity}`}>
          <Link href={`/incidents/${encodeURIComponent(i.id)}`}>
            <SeverityMark severity={i.severity} /><DrillMark drill={i.drill} />
            <strong>{i.title}</strong>
            <span className="muted">{i.phase}, since <Instant at={i.openedAt} />{i.mitigatedAt === null ? '' : ', its alerts have resolved'}{i.acknowledgedBy === null ? ', nobody looks at it yet' : `, ${i.acknowledgedBy} looks at it`}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Uplink({ overview }: { readonly overview: Overview }) {
  const uplink = overview.uplink;
  if (uplink === null || (uplink.verdict === 'connected' && uplink.independent)) return null;
  return (
    <p className={`note ${uplink.verdict === 'lost' ? 'error' : ''}`} role="status">
      <strong>{uplink.verdict === 'lost' ? 'This monitor has lost its own uplink.' : 'Whether this monitor is connected is not certain.'}</strong>{' '}
      {uplink.reason}. {uplink.verdict === 'lost' ? 'States behind it are inconclusive; measuring goes on.' : ''}
    </p>
  );
}

function Targets({ checks, now }: { readonly checks: readonly CheckOverview[]; readonly now: number }) {
  const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.title < b.title ? -1 : 1));
  const troubled = checks.filter((c) => c.state !== 'UP' && c.state !== 'MAINTENANCE').length;
  return (
    <section aria-labelledby="targets">
      <h2 id="targets">Targets <small>{troubled === 0 ? `all ${checks.length} up` : `${troubled} of ${checks.length} in trouble`}</small></h2>
      {checks.length === 0 ? <div className="empty">Nothing is probed. Add targets to the configuration and reload it.</div> : (
        <ul className="checks">
          {sorted.map((c) => (
            <li key={c.checkId} className="check" data-state={c.state}>
              <div className="check-name">
                <StateMark state={c.state} />
                <Link href={`/checks/${encodeURIComponent(c.checkId)}`}>{c.title}</Link>
                <span className="muted">{c.probe} {c.target}</span>
              </div>
              <SmokeGraph rounds={c.rounds} />
              <div className="check-now">
                <strong>{c.lastTime === null ? 'waiting' : rtt(c.lastRttNs)}</strong>
                <span className={c.lastLoss !== null && c.lastLoss > 0 ? 'warn' : 'muted'}>{c.lastLoss === null ? '' : `${percent(c.lastLoss)} loss`}</span>
              </div>
              {c.reason === '' || c.state === 'UP' ? null : <p className="check-reason">{c.reason}{c.since === null ? '' : <> · <Instant at={c.since} now={now} /></>}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Traffic({ overview }: { readonly overview: Overview }) {
  const last = overview.traffic.at(-1);
  return (
    <section aria-labelledby="traffic">
      <h2 id="traffic">Traffic <small>live</small></h2>
      {last === undefined ? <div className="empty">No traffic seen yet.</div> : (
        <>
          <dl className="figures">
            <div className="figure-bits"><dt>Rate</dt><dd data-testid="bit-rate">{bitRate(last.bitsPerSecond)}</dd></div>
            <div className="figure-packets"><dt>Packets</dt><dd>{count(Math.round(last.packetsPerSecond))}/s</dd></div>
            <div><dt>New flows</dt><dd>{count(Math.round(last.flowsPerSecond))}/s</dd></div>
            <div><dt>Dropped</dt><dd className={last.droppedPerSecond > 0 ? 'warn' : undefined}>{count(Math.round(last.droppedPerSecond))}/s</dd></div>
          </dl>
          <TrafficGraph samples={overview.traffic} />
        </>
      )}
      <h3>Capture</h3>
      {overview.captures.length === 0 ? <div className="empty">No interface is captured.</div> : (
        <ul className="captures">{overview.captures.map((c) => <Capture key={c.linkId} capture={c} />)}</ul>
      )}
    </section>
  );
}

function Capture({ capture }: { readonly capture: CaptureStatus }) {
  return (
    <li>
      <span className={`mark capture-${capture.state}`}>{capture.state}</span> <strong>{capture.linkId}</strong>{' '}
      <span className="muted">{count(capture.packets)} packets, {bytes(capture.bytes)}, loss {percent(capture.loss)}</span>
      {capture.detail === null ? null : <pre className="caret">{capture.detail}</pre>}
    </li>
  );
}

export const overviewPage = definePage({ path: '/', title: 'Overview', permission: 'overview.read', nav: { order: 1, key: 'o' }, component: OverviewPage });
export default overviewPage;
