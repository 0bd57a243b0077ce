import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { WirewatchError } from '../base/errors.ts';
import { ConfigError, issuesOf, type ConfigIssue } from './config-issue.ts';
import { checkReferences } from './check-references.ts';
import { checkExtensions, NO_EXTENSIONS, type Extensions } from './extension-options.ts';
import { knownKeys } from './known-keys.ts';
import { configSchema, type Config, type ConfigInput } from './schema.ts';
import { findSecrets, openFileFinding, secretFinding, type SecretSurroundings } from './secret.ts';
import { isSeed002, SEED_PASSWORD_ENV, seed002Schema, translateSeed002, type Seed002 } from './seed-002.ts';
import { readSource, type SourceMap } from './source-map.ts';

/** Something that works and should still be mended. */
export interface ConfigFinding {
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

/** A configuration in force, with where it came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** As written, before defaults: what `explain` names as given. */
  readonly input: ConfigInput;
  /** Path of the file; null = built in. */
  readonly file: string | null;
  /** `seed-002` = the monitoring script's JSON, translated. */
  readonly form: 'own' | 'seed-002' | 'built-in';
  /** The script's configuration as it was, where that is the form. */
  readonly seed: Seed002 | null;
  readonly source: SourceMap | null;
  readonly secrets: SecretSurroundings;
  readonly findings: readonly ConfigFinding[];
}

/** A configuration is text for people: megabytes are a mistake. */
const MAX_BYTES = 8 * 2 ** 20;

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly extensions?: Extensions;
}

/** Reads and validates a configuration file. Throws a `ConfigError` with every mistake in it. */
export function loadConfigFile(file: string, options: LoadOptions): LoadedConfig {
  let text: string;
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new WirewatchError('WW_CONFIG_FILE', 'the configuration is a folder, not a file', { where: file });
    if (stat.size > MAX_BYTES) throw new WirewatchError('WW_CONFIG_FILE', `the configuration is larger than ${MAX_BYTES / 2 ** 20} MiB`, { where: file });
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof WirewatchError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new WirewatchError('WW_CONFIG_FILE', `the configuration cannot be read (${code})`, {
      where: file,
      remedy: code === 'ENOENT' ? 'check the path; without --config the built-in configuration is used' : 'check owner and mode of the file',
      cause,
    });
  }
  return loadConfigText(text, file, options);
}

/** The same for a text; `file` is only named in messages, and its folder is where relative secret files are. */
export function loadConfigText(text: string, file: string, options: LoadOptions): LoadedConfig {
  const source = readSource(text);
  if (source.problems.length > 0) {
    throw new ConfigError(file, source.problems.map((p) => ({ key: '', message: p.message, place: p.place, remedy: undefined })), 'syntax');
  }
  const secrets: SecretSurroundings = { env: options.env, baseDir: path.dirname(path.resolve(file)) };
  if (isSeed002(source.value)) return loadSeed002(source, file, secrets);

  const { config, input, issues } = validate(source.value, source, options.extensions ?? NO_EXTENSIONS);
  if (config === undefined || issues.length > 0) throw new ConfigError(file, issues, 'value');
  return { config, input, file, form: 'own', seed: null, source, secrets, findings: findingsOf(config, secrets) };
}

function validate(value: unknown, source: SourceMap, extensions: Extensions): { config: Config | undefined; input: ConfigInput; issues: ConfigIssue[] } {
  const parsed = configSchema.safeParse(value, { reportInput: true });
  const input = value as ConfigInput;
  if (!parsed.success) {
    const issues = issuesOf(parsed.error, source, knownKeys);
    // Mistakes of form do not hide dangling names: what is wrong is taken out, and the rest is judged.
    const rest = configSchema.safeParse(withoutFaults(value, parsed.error));
    if (rest.success) issues.push(...checkReferences(rest.data, source), ...checkExtensions(rest.data, extensions, source));
    return { config: undefined, input, issues };
  }
  return { config: parsed.data, input, issues: [...checkReferences(parsed.data, source), ...checkExtensions(parsed.data, extensions, source)] };
}

/** Keys that others refer to: taking them out would make mistakes that are none. */
const REFERRED = new Set<unknown>(['id', 'address', 'channels', 'receivers', 'targets', 'type']);

/** A copy without unknown keys and without values that do not fit, as far as that changes no names. */
function withoutFaults(value: unknown, error: z.ZodError): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of error.issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const at of keys) {
      const last = at.at(-1);
      const parent = at.slice(0, -1).reduce<unknown>((o, key) => (o as Record<PropertyKey, unknown> | undefined)?.[key], copy);
      if (typeof last !== 'string' || REFERRED.has(last) || parent === null || typeof parent !== 'object') continue;
      delete (parent as Record<string, unknown>)[last];
    }
  }
  return copy;
}

function loadSeed002(source: SourceMap, file: string, at: SecretSurroundings): LoadedConfig {
  const parsed = seed002Schema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    const keys = (at: readonly (string | number)[]): readonly string[] => Object.keys(shapeAt(seed002Schema, at));
    throw new ConfigError(file, issuesOf(parsed.error, source, keys), 'value');
  }
  const seed = parsed.data;
  const { input, findings } = translateSeed002(seed, file);
  // The password stays where it was; the translated channel reaches it under a name of ours.
  const secrets: SecretSurroundings = { ...at, env: { ...at.env, [SEED_PASSWORD_ENV]: seed.alert.smtp_password } };
  const config = configSchema.parse(input);
  const open = openFileFinding(file, 'configuration');
  const secretOpen = open !== undefined && seed.alert.smtp_password !== undefined
    ? [{ key: 'alert.smtp_password', message: `${open.message}, and the login of the mail server is in it`, remedy: `${open.remedy}; \`wirewatch config import ${file}\` moves it out` }]
    : [];
  return { config, input, file, form: 'seed-002', seed, source, secrets, findings: [...findings, ...secretOpen, ...findingsOf(config, secrets)] };
}

function shapeAt(schema: z.ZodType, at: readonly (string | number)[]): Record<string, unknown> {
  let current = schema as unknown as { def: { type: string; shape?: Record<string, z.ZodType>; element?: z.ZodType; innerType?: z.ZodType } };
  const open = (): void => {
    while (current.def.innerType !== undefined) current = current.def.innerType as unknown as typeof current;
  };
  open();
  for (const part of at) {
    const next = current.def.shape?.[String(part)] ?? current.def.element;
    if (next === undefined) return {};
    current = next as unknown as typeof current;
    open();
  }
  return current.def.shape ?? {};
}

/** The built-in or any other configuration that was made in the program. */
export function configOf(input: ConfigInput, env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const config = configSchema.parse(input);
  const secrets: SecretSurroundings = { env, baseDir: process.cwd() };
  return { config, input, file: null, form: 'built-in', seed: null, source: null, secrets, findings: findingsOf(config, secrets) };
}

function findingsOf(config: Config, secrets: SecretSurroundings): ConfigFinding[] {
  const findings = findSecrets(config).flatMap(({ path: at, ref }) => {
    const finding = secretFinding(ref, secrets);
    return finding === undefined ? [] : [{ key: at.join('.'), ...finding }];
  });
  return findings;
}
