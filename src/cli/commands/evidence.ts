import { existsSync } from 'node:fs';
import path from 'node:path';
import { bigintReplacer } from '../../base/canonical-json.ts';
import { WirewatchError } from '../../base/errors.ts';
import { nearestNames } from '../../base/nearest.ts';
import { plural } from '../../base/text.ts';
import { isoTime } from '../../base/time.ts';
import { listEvidence, readEvidence, verifyEvidence, type EvidenceVerdict } from '../../pipeline/evidence-writer.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

/** The bundle of that id, or of a part of it that only one has; or the folder of that path. */
async function bundleDir(ctx: CommandContext, reference: string): Promise<string> {
  const asPath = path.resolve(ctx.cwd, reference);
  if (reference.includes('/') || existsSync(path.join(asPath, 'manifest.json'))) return asPath;
  const root = rootOf(ctx);
  const ids = await listEvidence(root);
  const found = ids.includes(reference) ? [reference] : ids.filter((id) => id.includes(reference));
  if (found.length === 1) return path.join(root, found[0]);
  if (found.length > 1) throw new WirewatchError('WW_ARGUMENT', `${found.length} bundles have ${reference} in their id`, { remedy: found.join(', ') });
  const [near] = nearestNames(reference, ids);
  throw new WirewatchError('WW_NOT_FOUND', `there is no evidence ${reference}`, { where: root, remedy: near === undefined ? 'wirewatch evidence list shows what there is' : `did you mean ${near}?` });
}

function rootOf(ctx: CommandContext): string {
  return path.join(ctx.dataDir, 'evidence');
}

function json(ctx: CommandContext, value: unknown): void {
  ctx.terminal.out(`${JSON.stringify(value, bigintReplacer)}\n`);
}

async function list(ctx: CommandContext): Promise<number> {
  const bundles = [];
  for (const id of await listEvidence(rootOf(ctx))) {
    try {
      bundles.push((await readEvidence(path.join(rootOf(ctx), id))).manifest);
    } catch (error) {
      if (!(error instanceof WirewatchError)) throw error;
      ctx.terminal.err(`${id}: ${error.message}\n`);
    }
  }
  bundles.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  if (ctx.json) json(ctx, bundles);
  for (const m of ctx.json ? [] : bundles) {
    const size = m.files.reduce((sum, f) => sum + f.bytes, 0);
    const lacking = m.missing.length === 0 ? '' : `, ${m.missing.length} missing`;
    ctx.terminal.out(`${m.id}  ${isoTime(m.createdAt, 0)}  incident ${m.incidentId}  ${plural(m.files.length, 'file')}, ${plural(size, 'byte')}${lacking}\n`);
  }
  return EXIT.ok;
}

async function show(ctx: CommandContext, reference: string): Promise<number> {
  const { manifest, manifestSha256, dir } = await readEvidence(await bundleDir(ctx, reference));
  if (ctx.json) {
    json(ctx, { ...manifest, manifestSha256, dir });
    return EXIT.ok;
  }
  ctx.terminal.out(`Evidence ${manifest.id} of incident ${manifest.incidentId}\n${dir}\nWindow ${isoTime(manifest.from)} to ${isoTime(manifest.to)}\nManifest SHA-256 ${manifestSha256}\n`);
  for (const f of manifest.files) ctx.terminal.out(`  ${f.sha256}  ${String(f.bytes).padStart(12)}  ${f.path}  ${f.description}\n`);
  for (const reason of manifest.missing) ctx.terminal.out(`  missing: ${reason}\n`);
  return EXIT.ok;
}

async function verify(ctx: CommandContext, references: readonly string[], noted: string | undefined): Promise<number> {
  const dirs = references.length > 0 ? await Promise.all(references.map(async (r) => await bundleDir(ctx, r)))
    : (await listEvidence(rootOf(ctx))).map((id) => path.join(rootOf(ctx), id));
  if (noted !== undefined && dirs.length !== 1) throw new WirewatchError('WW_ARGUMENT', '--manifest-sha256 is for one bundle');
  let bad = 0;
  const verdicts: { id: string; ok: boolean; findings: EvidenceVerdict['findings']; manifestSha256: string | null; manifestAsNoted: boolean | null; problem: string | null }[] = [];
  for (const dir of dirs) {
    try {
      const v = await verifyEvidence(dir, noted);
      const ok = v.findings.length === 0 && v.manifestAsNoted !== false;
      if (!ok) bad++;
      verdicts.push({ id: v.manifest.id, ok, findings: v.findings, manifestSha256: v.manifestSha256, manifestAsNoted: v.manifestAsNoted, problem: null });
      if (ctx.json) continue;
      ctx.terminal.out(`${v.manifest.id}: ${ok ? `${plural(v.manifest.files.length, 'file')}, all as the manifest says` : 'DAMAGED'} (manifest SHA-256 ${v.manifestSha256})\n`);
      for (const f of v.findings) ctx.terminal.out(`  ${f.problem}: ${f.path}\n`);
      if (v.manifestAsNoted === false) ctx.terminal.out('  altered: manifest.json is not the one that was noted\n');
    } catch (error) {
      if (!(error instanceof WirewatchError)) throw error;
      bad++;
      verdicts.push({ id: path.basename(dir), ok: false, findings: [], manifestSha256: null, manifestAsNoted: null, problem: error.message });
      if (!ctx.json) ctx.terminal.out(`${path.basename(dir)}: DAMAGED: ${error.message}\n`);
    }
  }
  if (ctx.json) json(ctx, verdicts);
  else if (dirs.length === 0) ctx.terminal.out('there is no evidence yet\n');
  return bad === 0 ? EXIT.ok : EXIT.negative;
}

export const evidence = defineCommand({
  name: 'evidence',
  summary: 'list, show and verify what incidents keep as proof',
  permission: null,
  configure(command) {
    command.command('list', { isDefault: true }).description('all bundles, the newest last');
    command.command('show <id>').description('files of a bundle with their hashes, and what could not be had');
    command.command('verify [ids...]').description('hash every file again and name each that is altered, missing or surplus (all bundles where none is named)')
      .option('--manifest-sha256 <hex>', 'digest of the manifest as the incident or the audit chain notes it');
  },
  async run(ctx, [verb, ...rest], options) {
    if (verb === 'list') return await list(ctx);
    if (verb === 'show') return await show(ctx, rest[0]);
    if (verb === 'verify') return await verify(ctx, rest, typeof options.manifestSha256 === 'string' ? options.manifestSha256 : undefined);
    throw new WirewatchError('WW_ARGUMENT', 'say what to do with the evidence', { remedy: 'wirewatch evidence --help' });
  },
});

export default evidence;
