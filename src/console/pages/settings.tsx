import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../client.ts';
import type { ConfigProblem } from '../client.generated.ts';
import { Accounts } from '../components/accounts.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Instant } from '../components/marks.tsx';
import { QueryView } from '../components/query-view.tsx';
import { definePage } from '../define-page.ts';
import { useMay } from '../session.ts';

function SettingsPage() {
  const mayWrite = useMay('config.write');
  const mayUsers = useMay('users.write');
  const client = useQueryClient();
  const config = useQuery({ queryKey: ['config'], queryFn: ({ signal }) => call('GET /config', {}, signal) });
  const doctor = useQuery({ queryKey: ['doctor'], queryFn: ({ signal }) => call('GET /doctor', {}, signal) });
  const check = useMutation({ mutationFn: () => call('POST /config/check', {}) });
  const reload = useMutation({ mutationFn: () => call('POST /config/reload', {}), onSuccess: () => client.invalidateQueries({ queryKey: ['config'] }) });
  return (
    <section className="page">
      <h1>Settings</h1>
      <h2>Health <small>what this machine lacks, and its remedy</small></h2>
      <QueryView query={doctor} isEmpty={(f) => f.length === 0} empty="Nothing was examined.">
        {(findings) => (
          <ul className="findings">
            {findings.map((f) => (
              <li key={f.check}><span className={`mark finding-${f.verdict}`}>{f.verdict}</span> <strong>{f.title}</strong> <span className="muted">{f.detail}</span>{f.remedy === null ? null : <pre className="caret">{f.remedy}</pre>}</li>
            ))}
          </ul>
        )}
      </QueryView>
      <h2>Configuration <small>secrets masked</small></h2>
      <QueryView query={config}>
        {(c) => (
          <>
            <p className="muted">{c.path ?? 'built-in configuration'} · in force since <Instant at={c.loadedAt} /> · SHA-256 <code title={c.sha256}>{c.sha256.slice(0, 12)}</code></p>
            <div className="actions">
              <button type="button" onClick={() => check.mutate()} disabled={check.isPending}>Check the file on disk</button>
              {mayWrite ? <button type="button" className="primary" onClick={() => reload.mutate()} disabled={reload.isPending}>Reload</button> : null}
              {reload.isSuccess ? <span role="status">Reloaded.</span> : null}
            </div>
            {reload.isError ? <ErrorNote error={reload.error} /> : null}
            {check.isError ? <ErrorNote error={check.error} /> : null}
            {check.data?.length === 0 ? <p role="status">The file on disk is fine.</p> : <Problems problems={check.data ?? c.problems} />}
            <pre className="config">{c.text}</pre>
          </>
        )}
      </QueryView>
      {mayUsers ? <Accounts /> : null}
    </section>
  );
}

function Problems({ problems }: { readonly problems: readonly ConfigProblem[] }) {
  return <>{problems.map((p) => <div key={`${p.where}${p.message}`} className={`note ${p.severity === 'error' ? 'error' : ''}`}><strong>{p.message}</strong><pre className="caret">{p.where}</pre>{p.remedy}</div>)}</>;
}

export const settingsPage = definePage({ path: '/settings', title: 'Settings', permission: 'config.read', nav: { order: 7, key: 's' }, component: SettingsPage });
export default settingsPage;
