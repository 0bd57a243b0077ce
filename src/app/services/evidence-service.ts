import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import type { Nanos } from '../../base/time.ts';
import { readEvidence, verifyEvidence } from '../../pipeline/evidence-writer.ts';
import type { EvidenceContent, EvidenceService, EvidenceSummary } from '../../pipeline/services.ts';
import type { Document, StateStore } from '../../store/state-store.ts';
import { evidenceDir, type EvidenceDocument } from '../evidence-jobs.ts';
import { pageOf } from './paging.ts';
import { tarOf } from './tar.ts';

interface Kept extends EvidenceDocument {
  readonly verifiedAt?: Nanos;
}

const MEDIA: Readonly<Record<string, string>> = { json: 'application/json', jsonl: 'application/x-ndjson', pcapng: 'application/x-pcapng', txt: 'text/plain; charset=utf-8' };

/** `PacketService` id of a capture in a bundle. */
export function evidenceCaptureId(bundle: string, file: string): string {
  return `evidence:${bundle}:${file}`;
}

export function evidenceService(store: StateStore, root: string, now: () => Nanos): EvidenceService & { ofIncident(id: string): Promise<EvidenceSummary[]> } {
  function getDocument(id: string): Document<Kept> {
    const found = store.get<Kept>('evidence', id);
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no evidence ${id}`);
    return found;
  }

  async function summaryOf({ id, state, body }: Pick<Document<Kept>, 'id' | 'state' | 'body'>): Promise<EvidenceSummary> {
    const { manifest } = await readEvidence(evidenceDir(root, id));
    const captures = manifest.files.filter((f) => f.path.endsWith('.pcapng')).map((f) => [f.path, evidenceCaptureId(id, f.path)]);
    return {
      manifest, verdict: state as EvidenceSummary['verdict'], verifiedAt: body.verifiedAt ?? null, manifestSha256: body.manifestSha256, captures: Object.fromEntries(captures),
    };
  }

  const service: EvidenceService & { ofIncident(id: string): Promise<EvidenceSummary[]> } = {
    async ofIncident(incidentId) {
      return await Promise.all(store.find<Kept>({ kind: 'evidence', parent: incidentId, order: 'asc', limit: 1000 }).map((d) => summaryOf(d)));
    },
    async list(query) {
      const ids: { id: string; d: Document<Kept> }[] = [];
      const page = pageOf<Kept>(store, { kind: 'evidence' }, query, (d) => ids.push({ id: d.id, d }) > 0);
      return { cursor: page.cursor, rows: await Promise.all(ids.slice(0, page.rows.length).map(({ d }) => summaryOf(d))) };
    },
    get: async (id) => await summaryOf(getDocument(id)),
    async verify(id) {
      const document = getDocument(id);
      const verdict = await verifyEvidence(evidenceDir(root, id), document.body.manifestSha256);
      const ok = verdict.findings.length === 0 && verdict.manifestAsNoted !== false;
      const verifiedAt = now();
      store.put({ ...document, state: ok ? 'intact' : 'damaged', body: { ...document.body, verifiedAt } });
      const bad = new Map(verdict.findings.map((f) => [f.path, f.problem as string]));
      if (verdict.manifestAsNoted === false) bad.set('manifest.json', 'is not the manifest that was noted when the bundle was written');
      const names = [...new Set([...verdict.manifest.files.map((f) => f.path), ...bad.keys()])];
      return { id, ok, verifiedAt, files: names.map((p) => ({ path: p, ok: !bad.has(p), problem: bad.get(p) ?? null })) };
    },
    async file(id, name) {
      const { manifest } = await service.get(id);
      const file = manifest.files.find((f) => f.path === name);
      if (file === undefined && name !== 'manifest.json') throw new WirewatchError('WW_NOT_FOUND', `the bundle has no file ${name}`);
      const full = path.join(evidenceDir(root, id), name);
      const content: EvidenceContent = {
        fileName: `${id}-${path.basename(name)}`, mediaType: MEDIA[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', bytes: (await stat(full)).size,
        content: createReadStream(full),
      };
      return content;
    },
    async archive(id) {
      const { manifest } = await service.get(id);
      const dir = evidenceDir(root, id);
      const names = [...manifest.files.map((f) => f.path), 'manifest.json'];
      const files = await Promise.all(names.map(async (name) => ({ name: `${id}/${name}`, bytes: (await stat(path.join(dir, name))).size, file: path.join(dir, name) })));
      return { fileName: `evidence-${id}.tar`, mediaType: 'application/x-tar', bytes: null, content: tarOf(files) };
    },
  };
  return service;
}
