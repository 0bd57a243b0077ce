import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import {
  buildManifest, compareBundle, MANIFEST_NAME, manifestText, parseManifest, readmeText, type EvidenceFinding, type EvidenceRequest, type FoundFile,
} from '../incident/evidence-bundle.ts';
import type { EvidenceFile, EvidenceManifest } from '../model/index.ts';

/** One part of a bundle: how its bytes are had, or why they cannot be. */
export interface EvidencePart {
  readonly path: string;
  readonly kind: string;
  readonly description: string;
  /** Called once. What it throws, and the reason it gives, ends up in the manifest's `missing`. */
  open(): Promise<AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> | { readonly missing: string }>;
  /** Asked once the part is written: what of it is not there, for the manifest's `missing`; null where it is whole. */
  lacks?(): string | null;
}

export interface WrittenEvidence {
  readonly manifest: EvidenceManifest;
  /** Digest of the manifest's bytes: kept with the incident and in the audit chain, so that the manifest cannot change either. */
  readonly manifestSha256: string;
  readonly dir: string;
}

const UNFINISHED = '.unfinished-';

/**
 * Writes a bundle into `root/<id>/`: all of it or nothing, on the disk when it returns, its files read-only.
 *
 * A bundle of that id that is there already is left and returned (the freeze was asked for twice). A part that cannot be had is
 * listed with its reason; only where not even the manifest can be written is the whole refused.
 */
export async function writeEvidence(root: string, request: EvidenceRequest, parts: readonly EvidencePart[]): Promise<WrittenEvidence> {
  const dir = path.join(root, request.id);
  if (await exists(path.join(dir, MANIFEST_NAME))) return await readEvidence(dir);
  const draft = path.join(root, `${UNFINISHED}${request.id}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    const files: EvidenceFile[] = [];
    const missing: string[] = [];
    for (const part of parts) {
      const written = await writePart(draft, part);
      if (typeof written === 'string') missing.push(`${part.path}: ${written}`);
      else {
        files.push(written);
        const lack = part.lacks?.() ?? null;
        if (lack !== null) missing.push(`${part.path}: ${lack}`);
      }
    }
    const readme = readmeText(request, files, missing);
    files.push(await writeFileDurably(draft, { path: 'README.txt', kind: 'notes', description: 'What this is.' }, [readme]));
    const manifest = buildManifest(request, files, missing);
    const text = manifestText(manifest);
    const { sha256 } = await writeFileDurably(draft, { path: MANIFEST_NAME, kind: 'manifest', description: '' }, [text]);
    await syncDir(draft);
    await rename(draft, dir);
    await syncDir(root);
    return { manifest, manifestSha256: sha256, dir };
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw full ? new WirewatchError('WW_STORE_FULL', 'the disk is full: the evidence could not be kept', { where: root, cause: error }) : error;
  }
}

/** Takes away what a crash left half written. */
export async function cleanEvidence(root: string): Promise<number> {
  const left = (await exists(root)) ? (await readdir(root)).filter((name) => name.startsWith(UNFINISHED)) : [];
  for (const name of left) await rm(path.join(root, name), { recursive: true, force: true });
  return left.length;
}

/** Ids of the bundles under `root`, sorted; empty where there are none. */
export async function listEvidence(root: string): Promise<string[]> {
  if (!(await exists(root))) return [];
  const names = await readdir(root, { withFileTypes: true });
  return names.filter((n) => n.isDirectory() && !n.name.startsWith('.')).map((n) => n.name).sort();
}

/** The manifest of a bundle. Throws WW_EVIDENCE where there is none that can be read. */
export async function readEvidence(dir: string): Promise<WrittenEvidence> {
  const where = path.join(dir, MANIFEST_NAME);
  const text = await readFile(where, 'utf8').catch((cause: unknown) => {
    throw new WirewatchError('WW_EVIDENCE', 'there is no manifest that can be read', { where, cause });
  });
  return { manifest: parseManifest(text, where), manifestSha256: createHash('sha256').update(text).digest('hex'), dir };
}

export interface EvidenceVerdict extends WrittenEvidence {
  /** Empty = whole. */
  readonly findings: readonly EvidenceFinding[];
  /** False where the manifest is not the one that was noted when the bundle was written; null where no digest was given. */
  readonly manifestAsNoted: boolean | null;
}

/** Reads every file of a bundle and names each that is altered, missing or surplus. */
export async function verifyEvidence(dir: string, notedSha256?: string): Promise<EvidenceVerdict> {
  const bundle = await readEvidence(dir);
  const found: FoundFile[] = [];
  for (const file of await walk(dir, '')) if (file !== MANIFEST_NAME) found.push(await hashOf(dir, file));
  return {
    ...bundle, findings: compareBundle(bundle.manifest, found),
    manifestAsNoted: notedSha256 === undefined ? null : notedSha256 === bundle.manifestSha256,
  };
}

/** Lines of canonical JSON for records, as they stand in `.jsonl` parts: bigint as digits. */
export async function* jsonLines(records: AsyncIterable<unknown> | Iterable<unknown>, toJson: (record: unknown) => string): AsyncIterable<string> {
  for await (const record of records) yield `${toJson(record)}\n`;
}

async function writePart(draft: string, part: EvidencePart): Promise<EvidenceFile | string> {
  try {
    const content = await part.open();
    if ('missing' in content) return content.missing;
    return await writeFileDurably(draft, part, content);
  } catch (error) {
    await rm(path.join(draft, part.path), { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOSPC' ? 'the disk is full' : message;
  }
}

async function writeFileDurably(
  dir: string, part: Pick<EvidencePart, 'path' | 'kind' | 'description'>, content: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<EvidenceFile> {
  const file = path.join(dir, part.path);
  const hash = createHash('sha256');
  let bytes = 0;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'wx', 0o600);
    for await (const piece of content) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
      hash.update(chunk);
      bytes += chunk.length;
      await handle.appendFile(chunk);
    }
    await handle.chmod(0o444);
    await handle.sync();
  } finally {
    await handle?.close();
  }
  return { path: part.path, bytes, sha256: hash.digest('hex'), kind: part.kind, description: part.description };
}

async function hashOf(dir: string, file: string): Promise<FoundFile> {
  const whole = path.join(dir, file);
  const stat = await lstat(whole);
  if (!stat.isFile()) return { path: file, bytes: 0, sha256: null };
  const hash = createHash('sha256');
  const handle = await open(whole, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  } finally {
    await handle.close();
  }
  return { path: file, bytes: stat.size, sha256: hash.digest('hex') };
}

/** Everything below `dir` that is not a folder; links are not followed. */
async function walk(dir: string, below: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(path.join(dir, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await walk(dir, name)));
    else files.push(name);
  }
  return files;
}

async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(() => true, () => false);
}

/** For retention: a bundle is removed whole, its read-only files included. */
export async function removeEvidence(root: string, id: string): Promise<void> {
  const dir = path.join(root, id);
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true, force: true });
}
