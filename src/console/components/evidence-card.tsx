import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call, urlOf } from '../client.ts';
import type { Evidence } from '../client.generated.ts';
import { bytes } from '../format.ts';
import { useMay } from '../session.ts';
import { ErrorNote } from './error-note.tsx';
import { Instant } from './marks.tsx';

/** A bundle: its files with their digests, what could not be had, and whether it is still what was frozen. */
export function EvidenceCard({ evidence, incidentId }: { readonly evidence: Evidence; readonly incidentId: string }) {
  const { manifest } = evidence;
  const may = useMay('evidence.read');
  const mayPackets = useMay('packets.read');
  const client = useQueryClient();
  const verify = useMutation({
    mutationFn: () => call('POST /evidence/:id/verify', { params: { id: manifest.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['incident', incidentId] }),
  });
  const damaged = verify.data?.files.filter((f) => !f.ok) ?? [];
  return (
    <article className="card evidence">
      <header>
        <strong>{manifest.id}</strong> <span className={`mark verdict-${evidence.verdict}`}>{evidence.verdict}</span>
        <span className="muted"> <Instant at={manifest.from} /> to <Instant at={manifest.to} /></span>
      </header>
      <ul className="files">
        {manifest.files.map((f) => {
          const capture = evidence.captures[f.path];
          return (
            <li key={f.path}>
              {mayPackets && capture !== undefined ? <Link href={`/packets?capture=${encodeURIComponent(capture)}`}>{f.path}</Link> : <span>{f.path}</span>}
              <span className="muted">{f.description} · {bytes(f.bytes)}</span>
              <code className="digest" title={`SHA-256 ${f.sha256}`}>{f.sha256.slice(0, 12)}</code>
              {may ? <a href={urlOf('GET /evidence/:id/file', { params: { id: manifest.id }, query: { path: f.path } })} download aria-label={`Download ${f.path}`}>Save</a> : null}
            </li>
          );
        })}
      </ul>
      {manifest.missing.map((m) => <p key={m} className="muted">Missing: {m}.</p>)}
      {damaged.map((f) => <p key={f.path} className="note error">{f.path}: {f.problem}</p>)}
      {may ? (
        <div className="actions">
          <button type="button" onClick={() => verify.mutate()} disabled={verify.isPending}>{verify.isPending ? 'Hashing…' : 'Verify'}</button>
          <a className="button" href={urlOf('GET /evidence/:id/archive', { params: { id: manifest.id } })} download>Save all</a>
        </div>
      ) : null}
      {verify.isError ? <ErrorNote error={verify.error} /> : null}
    </article>
  );
}
