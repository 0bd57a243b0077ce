import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { ApiError, call } from '../client.ts';
import type { FrameDetail, FrameRow, TreeNode } from '../client.generated.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { FieldTree, type NodePath } from '../components/field-tree.tsx';
import { FilterBox } from '../components/filter-box.tsx';
import { HexPane } from '../components/hex-pane.tsx';
import { Instant } from '../components/marks.tsx';
import { QueryView } from '../components/query-view.tsx';
import { VirtualRows, type Column } from '../components/virtual-rows.tsx';
import { definePage } from '../define-page.ts';
import { bytes, clock, count } from '../format.ts';
import { useMay } from '../session.ts';

const PAGE = 500;

const COLUMNS: readonly Column<FrameRow>[] = [
  { title: 'No.', width: '64px', right: true, cell: (f) => f.number },
  { title: 'Time', width: '128px', cell: (f) => clock(f.time, 6) },
  { title: 'Source', width: 'minmax(130px, 1fr)', cell: (f) => f.source },
  { title: 'Destination', width: 'minmax(130px, 1fr)', cell: (f) => f.destination },
  { title: 'Protocol', width: '80px', cell: (f) => f.protocol },
  { title: 'Length', width: '64px', right: true, cell: (f) => f.wireLen },
  { title: 'Info', width: 'minmax(260px, 3fr)', cell: (f) => f.info },
];

function PacketsPage() {
  const search = new URLSearchParams(useSearch());
  const capture = search.get('capture');
  return capture === null ? <Captures /> : <Frames key={capture} capture={capture} filter={search.get('filter') ?? ''} frame={Number(search.get('frame')) || null} />;
}

function Captures() {
  const captures = useQuery({ queryKey: ['captures'], queryFn: ({ signal }) => call('GET /captures', {}, signal) });
  return (
    <section className="page">
      <h1>Packets</h1>
      <QueryView query={captures} isEmpty={(rows) => rows.length === 0} empty="No packets are kept yet: an incident freezes those around it, and `wirewatch read` imports files.">
        {(rows) => (
          <div className="scroll"><table>
            <thead><tr><th>Capture</th><th>From</th><th>Of</th><th className="right">Frames</th><th className="right">Size</th><th>SHA-256</th></tr></thead>
            <tbody>{rows.map((c) => (
              <tr key={c.id}>
                <td><Link href={`/packets?capture=${encodeURIComponent(c.id)}`}>{c.title}</Link></td>
                <td>{c.from === null ? '–' : <Instant at={c.from} />}</td>
                <td>{c.incidentId === null ? 'imported file' : <Link href={`/incidents/${encodeURIComponent(c.incidentId)}`}>incident</Link>}</td>
                <td className="right">{c.frames === null ? '–' : count(c.frames)}</td><td className="right">{bytes(c.bytes)}</td><td><code title={c.sha256}>{c.sha256.slice(0, 12)}</code></td>
              </tr>
            ))}</tbody>
          </table></div>
        )}
      </QueryView>
    </section>
  );
}

function Frames({ capture, filter, frame }: { readonly capture: string; readonly filter: string; readonly frame: number | null }) {
  const [, go] = useLocation();
  const show = (next: { filter?: string; frame?: number | null }, replace: boolean): void => {
    const query = new URLSearchParams({ capture });
    const text = next.filter ?? filter;
    const number = next.frame === undefined ? frame : next.frame;
    if (text !== '') query.set('filter', text);
    if (number !== null) query.set('frame', String(number));
    go(`/packets?${query}`, { replace });
  };
  const frames = useInfiniteQuery({
    queryKey: ['frames', capture, filter],
    queryFn: ({ pageParam, signal }) => call('GET /captures/:capture/frames', { params: { capture }, query: { filter, after: pageParam, limit: PAGE } }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.nextAfter,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const rows = useMemo(() => frames.data?.pages.flatMap((p) => p.rows) ?? [], [frames.data]);
  const problem = frames.data?.pages.at(-1)?.problem ?? null;
  const filterError = frames.error instanceof ApiError && frames.error.code.startsWith('WW_FILTER') ? frames.error : null;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = frames;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return (
    <section className="page full packets">
      <h1 className="visually-hidden">Packets</h1>
      <FilterBox scope="packets" value={filter} error={filterError} onApply={(text) => show({ filter: text }, false)} placeholder="http.request && ip.addr == 192.0.2.7" />
      {problem === null ? null : <p className="note">{problem}</p>}
      {frames.error !== null && filterError === null ? <ErrorNote error={frames.error} retry={() => void frames.refetch()} /> : null}
      {!frames.isPending && rows.length === 0 && frames.error === null
        ? <div className="empty">No frame matches. <button type="button" onClick={() => show({ filter: '' }, false)}>Show all</button></div>
        : <VirtualRows label="Frames" rows={rows} columns={COLUMNS} keyOf={(f) => f.number} selected={frame} onSelect={(f) => show({ frame: f.number }, true)} onEnd={onEnd} />}
      {frame === null ? <p className="muted hint">Choose a frame to see its fields and bytes.</p> : <FramePanes capture={capture} frame={frame} onFilter={(text) => show({ filter: text }, false)} />}
    </section>
  );
}

function FramePanes({ capture, frame, onFilter }: { readonly capture: string; readonly frame: number; readonly onFilter: (filter: string) => void }) {
  const detail = useQuery({
    queryKey: ['frame', capture, frame], staleTime: Infinity, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('GET /captures/:capture/frames/:frame', { params: { capture, frame } as never }, signal),
  });
  return <QueryView query={detail}>{(d) => <Panes key={d.row.number} capture={capture} detail={d} onFilter={onFilter} />}</QueryView>;
}

function Panes({ capture, detail, onFilter }: { readonly capture: string; readonly detail: FrameDetail; readonly onFilter: (filter: string) => void }) {
  const [path, setPath] = useState<NodePath | null>(null);
  const node = path === null ? null : nodeAt(detail.tree, path);
  const [source, setSource] = useState(0);
  const choose = (next: NodePath, chosen: TreeNode): void => {
    setPath(next);
    setSource(chosen.source);
  };
  const pick = (offset: number): void => {
    const found = innermost(detail.tree, source, offset);
    if (found !== null) setPath(found);
  };
  return (
    <div className="panes">
      <FieldTree tree={detail.tree} selected={path} onSelect={choose} onFilter={onFilter} />
      <div className="hex-side">
        {detail.sources.length > 1 ? (
          <div className="tabs" role="tablist" aria-label="Bytes of">
            {detail.sources.map((s, i) => <button key={s.title} type="button" role="tab" aria-selected={i === source} onClick={() => setSource(i)}>{s.title} ({s.length})</button>)}
          </div>
        ) : null}
        <Bytes capture={capture} frame={detail.row.number} source={source} at={node?.source === source ? node.at : 0} length={node?.source === source ? node.length : 0} onPick={pick} />
      </div>
    </div>
  );
}

function Bytes({ capture, frame, source, at, length, onPick }: {
  readonly capture: string; readonly frame: number; readonly source: number; readonly at: number; readonly length: number; readonly onPick: (offset: number) => void;
}) {
  const may = useMay('payload.read');
  const query = useQuery({
    queryKey: ['frame-bytes', capture, frame], enabled: may, staleTime: Infinity,
    queryFn: async ({ signal }) => (await call('GET /captures/:capture/frames/:frame/bytes', { params: { capture, frame } as never }, signal)).map((b) => Uint8Array.from(atob(b), (c) => c.charCodeAt(0))),
  });
  if (!may) return <p className="note">Bytes need the permission <code>payload.read</code>, which your role does not include. Each view of them is an audit event.</p>;
  return <QueryView query={query}>{(sources) => <HexPane bytes={sources[source] ?? new Uint8Array()} at={at} length={length} onPick={onPick} />}</QueryView>;
}

function nodeAt(tree: readonly TreeNode[], path: NodePath): TreeNode | null {
  let nodes = tree;
  let found: TreeNode | null = null;
  for (const i of path.split('.')) {
    found = nodes[Number(i)] ?? null;
    nodes = found?.children ?? [];
  }
  return found;
}

/** The smallest field that holds a byte; the deeper one of equals. */
function innermost(tree: readonly TreeNode[], source: number, offset: number): NodePath | null {
  let best: { path: NodePath; length: number } | null = null;
  const walk = (nodes: readonly TreeNode[], prefix: string): void => nodes.forEach((node, i) => {
    const path = prefix === '' ? String(i) : `${prefix}.${i}`;
    if (node.source === source && offset >= node.at && offset < node.at + node.length && (best === null || node.length <= best.length)) best = { path, length: node.length };
    walk(node.children, path);
  });
  walk(tree, '');
  return (best as { path: NodePath } | null)?.path ?? null;
}

export const packetsPage = definePage({ path: '/packets', title: 'Packets', permission: 'packets.read', nav: { order: 4, key: 'p' }, component: PacketsPage });
export default packetsPage;
