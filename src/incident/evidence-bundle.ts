import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { WirewatchError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { plural } from '../base/text.ts';
import { isoTime, type Nanos } from '../base/time.ts';
import type { EvidenceFile, EvidenceId, EvidenceManifest } from '../model/index.ts';

type DigestHost = Pick<Host, 'sha256' | 'encodeUtf8'>;

/** Name of the manifest in its bundle; the one file that does not list itself. */
export const MANIFEST_NAME = 'manifest.json';

/** What a bundle is about, before anything is in it. */
export type EvidenceRequest = Pick<EvidenceManifest, 'id' | 'incidentId' | 'createdAt' | 'from' | 'to' | 'sensorId'>;

/** Deterministic: the same freeze asked for twice (a crash lies between) is the same bundle. */
export function evidenceIdOf(incidentId: string, fingerprint: string, from: Nanos, to: Nanos, host: DigestHost): EvidenceId {
  return toHex(host.sha256(host.encodeUtf8(`evidence\n${incidentId}\n${fingerprint}\n${from}\n${to}`))).slice(0, 16) as EvidenceId;
}

/** The manifest of a bundle: its files in the order of their paths, and what could not be had. Throws for a path that leaves the bundle. */
export function buildManifest(request: EvidenceRequest, files: readonly EvidenceFile[], missing: readonly string[]): EvidenceManifest {
  const paths = new Set<string>();
  for (const { path } of files) {
    if (!isBundlePath(path) || paths.has(path)) throw new Error(`not a path in a bundle: ${path}`);
    paths.add(path);
  }
  const { id, incidentId, createdAt, from, to, sensorId } = request;
  return { schema: 1, id, incidentId, createdAt, from, to, sensorId, missing: [...missing], files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The manifest as it is written: canonical, so that equal bundles have equal digests. */
export function manifestText(manifest: EvidenceManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** Reads what `manifestText` wrote. Throws WW_EVIDENCE for anything else. */
export function parseManifest(text: string, where: string): EvidenceManifest {
  const refuse = (message: string, cause?: unknown): never => {
    throw new WirewatchError('WW_EVIDENCE', message, { where, cause });
  };
  let raw: Record<string, unknown> = {};
  try {
    raw = JSON.parse(text) as typeof raw;
  } catch (cause) {
    refuse('the manifest is not JSON', cause);
  }
  if (raw.schema !== 1) refuse(`the manifest has form ${String(raw.schema)}, which this version does not know`);
  const files = raw.files as EvidenceFile[];
  const whole = Array.isArray(files) && Array.isArray(raw.missing) && typeof raw.id === 'string' && typeof raw.incidentId === 'string'
    && files.every((f) => typeof f.path === 'string' && isBundlePath(f.path) && /^[0-9a-f]{64}$/.test(f.sha256) && Number.isSafeInteger(f.bytes));
  if (!whole) refuse('the manifest lacks what a manifest has');
  const nanos = (key: string): Nanos => (/^-?\d+$/.test(String(raw[key])) ? BigInt(String(raw[key])) : refuse(`the manifest's ${key} is not an instant`));
  return { ...(raw as unknown as EvidenceManifest), createdAt: nanos('createdAt'), from: nanos('from'), to: nanos('to') };
}

function isBundlePath(path: string): boolean {
  return path !== MANIFEST_NAME && /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path);
}

/** A file of a bundle as it was found; `sha256` null where it cannot be read or is no plain file. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string | null;
}

export interface EvidenceFinding {
  readonly path: string;
  readonly problem: 'altered' | 'missing' | 'surplus';
}

/** What of a bundle is not as its manifest says, in the order of the paths. Empty = whole. */
export function compareBundle(manifest: EvidenceManifest, found: readonly FoundFile[]): EvidenceFinding[] {
  const there = new Map(found.map((f) => [f.path, f]));
  const findings: EvidenceFinding[] = [];
  for (const file of manifest.files) {
    const seen = there.get(file.path);
    there.delete(file.path);
    if (seen === undefined) findings.push({ path: file.path, problem: 'missing' });
    else if (seen.bytes !== file.bytes || seen.sha256 !== file.sha256) findings.push({ path: file.path, problem: 'altered' });
  }
  for (const path of there.keys()) findings.push({ path, problem: 'surplus' });
  return findings.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** README.txt of a bundle: what it is, what is in it, what is not, and how to check it. */
export function readmeText(request: EvidenceRequest, files: readonly EvidenceFile[], missing: readonly string[]): string {
  const lines = [
    `Evidence ${request.id} of incident ${request.incidentId}`,
    '',
    `Window:  ${isoTime(request.from)} to ${isoTime(request.to)} (UTC)`,
    `Written: ${isoTime(request.createdAt)} by sensor ${request.sensorId}`,
    '',
    `${plural(files.length, 'file')} besides this one:`,
    ...[...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((f) => `  ${f.path}  ${plural(f.bytes, 'byte')}  ${f.description}`),
    '',
    ...(missing.length === 0 ? ['Nothing was missing.'] : ['Could not be had:', ...missing.map((m) => `  ${m}`)]),
    '',
    `${MANIFEST_NAME} has the SHA-256 of every file. Check them with`,
    `  wirewatch evidence verify ${request.id}`,
    'Times in the .jsonl files are nanoseconds since 1970-01-01 UTC, addresses 32 hex digits (IPv4 mapped into IPv6).',
  ];
  return `${lines.join('\n')}\n`;
}
