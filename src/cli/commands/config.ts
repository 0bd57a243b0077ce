import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { WirewatchError } from '../../base/errors.ts';
import { ConfigError } from '../../config/config-issue.ts';
import { explainConfig, explainKey } from '../../config/explain.ts';
import { isAlertmanagerConfig, translateAlertmanager } from '../../config/import-alertmanager.ts';
import { importSeed002, writePrivate } from '../../config/import-seed-002.ts';
import { configJsonSchema } from '../../config/json-schema.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { openConfig } from '../../config/open-config.ts';
import { createClient } from '../client.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';
import { loadExtensions } from '../extensions.ts';

type Options = Readonly<Record<string, unknown>>;

async function open(ctx: CommandContext, file: string | undefined): Promise<LoadedConfig> {
  return openConfig(file === undefined ? undefined : path.resolve(ctx.cwd, file), { env: ctx.env, extensions: await loadExtensions() });
}

async function check(ctx: CommandContext, file: string): Promise<number> {
  try {
    const loaded = await open(ctx, file);
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ ok: loaded.findings.length === 0, form: loaded.form, issues: [], findings: loaded.findings })}\n`);
    else {
      for (const finding of loaded.findings) ctx.terminal.out(`finding: ${finding.key}: ${finding.message}\n  to do: ${finding.remedy}\n`);
      const { targets } = loaded.config;
      const checks = targets.reduce((n, t) => n + t.checks.length, 0);
      ctx.terminal.out(`${file}: ${loaded.form === 'seed-002' ? "the monitoring script's form, " : ''}${targets.length} targets, ${checks} checks, ${loaded.findings.length} findings\n`);
    }
    return loaded.findings.length === 0 ? EXIT.ok : EXIT.negative;
  } catch (error) {
    if (!(error instanceof ConfigError) || !ctx.json) throw error;
    ctx.terminal.out(`${JSON.stringify({ ok: false, issues: error.issues, findings: [] })}\n`);
    return EXIT.usage;
  }
}

async function explain(ctx: CommandContext, key: string | undefined, options: Options): Promise<number> {
  const loaded = await open(ctx, typeof options.config === 'string' ? options.config : undefined);
  if (key === undefined) {
    const lines = explainConfig(loaded);
    ctx.terminal.out(ctx.json ? `${JSON.stringify({ lines })}\n` : `${lines.join('\n')}\n`);
    return EXIT.ok;
  }
  const found = explainKey(key, loaded);
  if (ctx.json) ctx.terminal.out(`${JSON.stringify(found)}\n`);
  else {
    ctx.terminal.out(`${found.key}\n  ${found.meaning}\n  takes: ${found.takes}\n`);
    if (found.default !== null) ctx.terminal.out(`  default: ${found.default}\n`);
    if (found.value !== null) ctx.terminal.out(`  in force: ${found.value}  (${found.origin})\n`);
    if (found.keys.length > 0) ctx.terminal.out(`  keys: ${found.keys.join(', ')}\n`);
  }
  return EXIT.ok;
}

/** An Alertmanager configuration in our own form, each secret in a file of its own beside it (mode 0600). */
function importAlertmanager(ctx: CommandContext, value: unknown, file: string, target: string): number {
  const { input, secrets, notes } = translateAlertmanager(value);
  const files = [...secrets].map(([name, secret]) => [path.join(path.dirname(target), name), secret] as const);
  for (const there of [target, ...files.map(([name]) => name)].filter((name) => existsSync(name))) {
    throw new WirewatchError('WW_CONFIG_FILE', `${there} is already there`, { remedy: 'name another file with --output, or remove it first' });
  }
  for (const [name, secret] of files) writePrivate(name, `${secret}\n`);
  writePrivate(target, `# Imported from ${path.basename(file)}.\n${notes.map((note) => `# ${note}\n`).join('')}${stringify(input, { lineWidth: 110 })}`);
  if (ctx.json) ctx.terminal.out(`${JSON.stringify({ file: target, secretFiles: files.map(([name]) => name), notes })}\n`);
  else ctx.terminal.out(`wrote ${target}\n${files.map(([name]) => `moved a secret to ${name} (mode 0600)\n`).join('')}${notes.map((note) => `note: ${note}\n`).join('')}`);
  return EXIT.ok;
}

async function importConfig(ctx: CommandContext, file: string, options: Options): Promise<number> {
  const value: unknown = parse(await readFile(path.resolve(ctx.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new WirewatchError('WW_CONFIG_FILE', 'the file cannot be read', { where: file, cause });
  }));
  if (isAlertmanagerConfig(value)) return importAlertmanager(ctx, value, file, path.resolve(ctx.cwd, typeof options.output === 'string' ? options.output : 'wirewatch.yaml'));
  const loaded = await open(ctx, file);
  const target = path.resolve(ctx.cwd, typeof options.output === 'string' ? options.output : 'wirewatch.yaml');
  const result = importSeed002(loaded, target);
  if (ctx.json) ctx.terminal.out(`${JSON.stringify({ file: target, secretFiles: result.secretFiles })}\n`);
  else {
    ctx.terminal.out(`wrote ${target}\n`);
    for (const secret of result.secretFiles) ctx.terminal.out(`moved the mail password to ${secret} (mode 0600)\n`);
  }
  return EXIT.ok;
}

export const config = defineCommand({
  name: 'config',
  summary: 'check, explain, import and reload configurations',
  permission: null,
  configure(command) {
    command.command('check').description('look for mistakes, dangling names and secrets that others can read').argument('[file]').option('--config <file>', 'the same as the argument');
    command.command('explain').description('say what a key means, takes and is; without a key, the whole configuration in words').argument('[key]').option('--config <file>', 'configuration to explain; the built-in one where none is named');
    command.command('schema').description('print the JSON Schema, for editors');
    command.command('import').description("turn the monitoring script's config.json, or an Alertmanager configuration, into our own form, secrets moved out").argument('<file>').option('--output <file>', 'where to write', 'wirewatch.yaml');
    command.command('reload').description('have the running program read its configuration anew; a wrong one changes nothing');
  },
  async run(ctx, [verb, subject], options) {
    switch (verb) {
      case 'check':
        {
          const file = subject ?? options.config;
          if (typeof file !== 'string') throw new WirewatchError('WW_ARGUMENT', 'name the file: wirewatch config check FILE');
          return await check(ctx, file);
        }
      case 'explain':
        return await explain(ctx, subject, options);
      case 'schema':
        ctx.terminal.out(`${JSON.stringify(configJsonSchema(), null, ctx.json ? 0 : 2)}\n`);
        return EXIT.ok;
      case 'import':
        return await importConfig(ctx, subject, options);
      case 'reload': {
        const outcome = await createClient(ctx.dataDir).post<{ readonly restartNeeded?: readonly string[] }>('/config/reload');
        ctx.terminal.out(ctx.json ? `${JSON.stringify(outcome)}\n` : `reloaded${(outcome.restartNeeded ?? []).length > 0 ? `; a restart is needed for: ${outcome.restartNeeded?.join(', ')}` : ''}\n`);
        return EXIT.ok;
      }
      default:
        throw new WirewatchError('WW_ARGUMENT', 'name what to do: check, explain, schema, import or reload');
    }
  },
});

export default config;
