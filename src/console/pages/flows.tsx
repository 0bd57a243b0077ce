import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ApiError, call } from '../client.ts';
import type { Flow } from '../client.generated.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { FilterBox } from '../components/filter-box.tsx';
import { Instant } from '../components/marks.tsx';
import { VirtualRows, type Column } from '../components/virtual-rows.tsx';
import { definePage } from '../define-page.ts';
import { address, bytes, clock, count, duration, endpoint, protocol } from '../format.ts';
import { useMay } from '../session.ts';

const PAGE = 200;

const COLUMNS: readonly Column<Flow>[] = [
  { title: 'Time', width: '116px', cell: (f) => <span title={f.time}>{clock(f.time, 3)}</span> },
  { title: 'From', width: 'minmax(190px, 1.2fr)', cell: (f) => endpoint(f.srcIp, f.srcPort) },
  { title: 'To', width: 'minmax(190px, 1.2fr)', cell: (f) => endpoint(f.dstIp, f.dstPort) },
  { title: 'Protocol', width: '96px', cell: (f) => <>{protocol(f.proto)} <b>{f.service.join(' ')}</b></> },
  { title: 'State', width: '64px', cell: (f) => <code title={f.history}>{f.connState}</code> },
  { title: 'Duration', width: '84px', right: true, cell: (f) => (f.duration === null ? '–' : duration(f.duration)) },
  { title: 'Sent', width: '88px', right: true, cell: (f) => bytes(f.srcBytes) },
  { title: 'Received', width: '88px', right: true, cell: (f) => bytes(f.dstBytes) },
  { title: 'Direction', width: '84px', cell: (f) => f.direction },
];

function FlowsPage() {
  const search = new URLSearchParams(useSearch());
  const filter = search.get('filter') ?? '';
  const [, go] = useLocation();
  const [selected, setSelected] = useState<Flow | null>(null);
  const apply = (text: string): void => {
    setSelected(null);
    go(text === '' ? '/flows' : `/flows?filter=${encodeURIComponent(text)}`);
  };
  const flows = useInfiniteQuery({
    queryKey: ['flows', filter],
    queryFn: ({ pageParam, signal }) => call('GET /flows', { query: { filter, limit: PAGE, cursor: pageParam } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => flows.data?.pages.flatMap((p) => p.rows) ?? [], [flows.data]);
  const filterError = flows.error instanceof ApiError && flows.error.code.startsWith('WW_FILTER') ? flows.error : null;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = flows;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return (
    <section className="page full">
      <h1 className="visually-hidden">Flows</h1>
      <FilterBox scope="flows" value={filter} error={filterError} onApply={apply} placeholder="tcp.port == 443 && ip.addr == 10.0.0.0/8" />
      {filterError === null ? <p className="muted tally" role="status">
        {flows.isPending ? 'Searching…' : `${count(rows.length)}${hasNextPage ? ' or more' : ''} flows of ${count(flows.data?.pages.reduce((sum, p) => sum + p.scanned, 0) ?? 0)} looked at`}
        {flows.isFetching && !flows.isPending ? ', searching…' : ''}
      </p> : null}
      {flows.error !== null && filterError === null ? <ErrorNote error={flows.error} retry={() => void flows.refetch()} /> : null}
      {filterError !== null ? null : !flows.isPending && rows.length === 0 && flows.error === null ? (
        <div className="empty">{filter === '' ? 'No flows are stored yet. They appear when they end, or after a minute.' : 'No stored flow matches. Widen the filter, or clear it.'}</div>
      ) : (
        <div className="split">
          <VirtualRows label="Flows" rows={rows} columns={COLUMNS} keyOf={(f) => f.id} selected={selected?.id ?? null} onSelect={setSelected} onEnd={onEnd} />
          {selected === null ? null : <FlowDetail flow={selected} onFilter={apply} onClose={() => setSelected(null)} />}
        </div>
      )}
    </section>
  );
}

function FlowDetail({ flow, onFilter, onClose }: { readonly flow: Flow; readonly onFilter: (text: string) => void; readonly onClose: () => void }) {
  const mayPackets = useMay('packets.read');
  const packets = useQuery({ queryKey: ['flow-packets', flow.id], queryFn: ({ signal }) => call('GET /flows/:id/packets', { params: { id: flow.id } }, signal), enabled: mayPackets });
  const family = address(flow.srcIp).includes(':') ? 'ipv6' : 'ip';
  const both = `${family}.addr == ${address(flow.srcIp)} && ${family}.addr == ${address(flow.dstIp)}`;
  return (
    <aside className="detail" aria-label="Flow">
      <header><h2>{protocol(flow.proto)} {flow.service.join(' ')}</h2><button type="button" className="quiet" onClick={onClose}>Close</button></header>
      <dl className="pairs">
        <dt>Began</dt><dd><Instant at={flow.time} /></dd>
        <dt>From</dt><dd><code>{endpoint(flow.srcIp, flow.srcPort)}</code></dd>
        <dt>To</dt><dd><code>{endpoint(flow.dstIp, flow.dstPort)}</code></dd>
        <dt>Sent</dt><dd>{bytes(flow.srcBytes)} in {count(flow.srcPackets)} packets</dd>
        <dt>Received</dt><dd>{bytes(flow.dstBytes)} in {count(flow.dstPackets)} packets</dd>
        <dt>State</dt><dd><code>{flow.connState}</code> <code>{flow.history}</code></dd>
        <dt>Ended by</dt><dd>{flow.endReason.replaceAll('_', ' ')}</dd>
        <dt>Community ID</dt><dd><code className="long">{flow.communityId}</code></dd>
        {flow.missedBytes > 0 ? <><dt>Missing</dt><dd className="warn">{bytes(flow.missedBytes)} of payload were not captured</dd></> : null}
      </dl>
      <div className="actions">
        <button type="button" onClick={() => onFilter(both)}>All between the two</button>
        {(packets.data ?? []).map((p) => <Link key={p.capture} className="button primary" href={`/packets?capture=${encodeURIComponent(p.capture)}&filter=${encodeURIComponent(p.filter)}`}>Packets, {p.title}</Link>)}
      </div>
      {mayPackets && packets.data?.length === 0 ? <p className="muted">Its packets are not kept.</p> : null}
      {packets.isError ? <ErrorNote error={packets.error} /> : null}
    </aside>
  );
}

export const flowsPage = definePage({ path: '/flows', title: 'Flows', permission: 'flows.read', nav: { order: 3, key: 'f' }, component: FlowsPage });
export default flowsPage;
