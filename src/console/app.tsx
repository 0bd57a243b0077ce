import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { ApiError, call } from './client.ts';
import type { Identity } from './client.generated.ts';
import { ErrorNote } from './components/error-note.tsx';
import type { PageDefinition } from './define-page.ts';
import { useLiveEvents } from './live.ts';
import { pages as manifest } from './pages.generated.ts';
import { SessionContext } from './session.ts';

const pages = manifest as readonly PageDefinition[];
const navigation = pages.filter((p) => p.nav !== null).sort((a, b) => a.nav!.order - b.nav!.order);

export function App() {
  const me = useQuery({
    queryKey: ['me'],
    queryFn: async () => {
      try {
        return await call('GET /me', {});
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
  if (me.isPending) return <div className="centre muted" role="status">Loading…</div>;
  if (me.isError) return <div className="centre"><ErrorNote error={me.error} retry={() => void me.refetch()} /></div>;
  return (
    <SessionContext value={me.data}>
      {me.data === null ? <Outside /> : <Inside me={me.data} />}
    </SessionContext>
  );
}

/** wouter decodes an address as decodeURI does, which leaves reserved characters; ids of checks and flows have slashes. */
function decoded(params: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value?.replace(/%(?:2[346BCF]|3[ABDF]|40)/gi, decodeURIComponent)]));
}

/** Before sign-in: the two open pages; anything else leads to sign-in and back. */
function Outside() {
  const [location] = useLocation();
  return (
    <Switch>
      {pages.filter((p) => p.permission === null).map((p) => (
        <Route key={p.path} path={p.path}>{(params) => <p.component params={decoded(params)} />}</Route>
      ))}
      <Route><Redirect to={`/sign-in?to=${encodeURIComponent(location + window.location.search)}`} replace /></Route>
    </Switch>
  );
}

function Inside({ me }: { readonly me: Identity }) {
  const live = useLiveEvents(true);
  const overview = useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => call('GET /overview', {}, signal) });
  const shown = navigation.filter((p) => p.permission !== null && me.permissions.includes(p.permission) && (p.demoOnly !== true || overview.data?.demo === true));
  useGoKeys(shown);
  const open = overview.data?.openIncidents ?? 0;
  return (
    <div className="shell">
      <a className="skip" href="#content">Skip to content</a>
      <header className="rail">
        <Link href="/" className="brand" aria-label="Wirewatch, overview">
          <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M3 17h7l3-9 5 16 3-7h8" /></svg>
          <span>Wirewatch</span>
        </Link>
        <nav aria-label="Pages">
          {shown.map((p) => <NavLink key={p.path} page={p} badge={p.path === '/incidents' && open > 0 ? open : null} />)}
        </nav>
        <div className="rail-foot">
          <span className={`live ${live ? 'on' : 'off'}`} role="status">{live ? 'live' : 'reconnecting'}</span>
          <span className="who" title={me.roles.join(', ')}>{me.actor}</span>
          <button type="button" className="quiet" onClick={() => void signOut()}>Sign out</button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Switch>
          {pages.filter((p) => p.permission !== null).map((p) => (
            <Route key={p.path} path={p.path}>
              {(params) => (me.permissions.includes(p.permission!) ? <Titled page={p}><p.component params={decoded(params)} /></Titled> : <Forbidden page={p} />)}
            </Route>
          ))}
          <Route path="/sign-in"><Redirect to={new URLSearchParams(window.location.search).get('to') ?? '/'} replace /></Route>
          <Route path="/setup"><Redirect to="/" replace /></Route>
          <Route><section className="page"><h1>Nothing here</h1><p>There is no such page. <Link href="/">Go to the overview</Link>.</p></section></Route>
        </Switch>
      </main>
    </div>
  );
}

function NavLink({ page, badge }: { readonly page: PageDefinition; readonly badge: number | null }) {
  const [location] = useLocation();
  const current = page.path === '/' ? location === '/' : location.startsWith(page.path);
  return (
    <Link href={page.path} aria-current={current ? 'page' : undefined} title={`g then ${page.nav!.key}`}>
      {page.title}
      {badge === null ? null : <span className="badge" aria-label={`${badge} open`}>{badge}</span>}
    </Link>
  );
}

function Titled({ page, children }: { readonly page: PageDefinition; readonly children: React.ReactNode }) {
  useEffect(() => {
    document.title = `${page.title} · Wirewatch`;
  }, [page]);
  return children;
}

function Forbidden({ page }: { readonly page: PageDefinition }) {
  return (
    <section className="page">
      <h1>{page.title}</h1>
      <p>Your role does not include <code>{page.permission}</code>. A network security officer can give it to you.</p>
    </section>
  );
}

/** `g` and a letter go to a page, `/` to the first filter box: as in the tools that operators know. */
function useGoKeys(shown: readonly PageDefinition[]): void {
  const [, go] = useLocation();
  useEffect(() => {
    let pending = 0;
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      if (event.key === '/') {
        const box = document.querySelector<HTMLElement>('[data-filter-box]');
        if (box !== null) {
          event.preventDefault();
          box.focus();
        }
      } else if (event.key === 'g') {
        pending = event.timeStamp;
      } else if (event.timeStamp - pending < 1000) {
        pending = 0;
        const page = shown.find((p) => p.nav!.key === event.key);
        if (page !== undefined) go(page.path);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [shown, go]);
}

async function signOut(): Promise<void> {
  await call('POST /sign-out', {}).catch(() => undefined);
  window.location.assign('/sign-in');
}
