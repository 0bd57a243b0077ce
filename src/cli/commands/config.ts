import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { ConfigError } from '../../config/config-issue.ts';
import { explainConfig, explainKey } from '../../config/explain.ts';
import { importSeed002 } from '../../config/import-seed-002.ts';
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

async function importScript(ctx: CommandContext, file: string, options: Options): Promise<number> {
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
    command.command('import').description("turn the monitoring script's config.json into our own form, secrets moved out").argument('<file>').option('--output <file>', 'where to write', 'wirewatch.yaml');
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
        return await importScript(ctx, subject, options);
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
