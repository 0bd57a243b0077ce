import { z } from 'zod';
import { nearestNames } from '../base/nearest.ts';
import { formatKey, issuesOf, unknownKey, type ConfigIssue } from './config-issue.ts';
import type { Config } from './schema.ts';
import { isSecretRef } from './secret.ts';
import type { KeyPath, SourceMap } from './source-map.ts';

/** Options as a zod schema, or as defaults with their help (detectors, which are pure and know no zod). */
export type OptionSchema =
  /** `secrets` names the options that must be references. */
  | { readonly schema: z.ZodType; readonly secrets?: readonly string[] }
  | { readonly defaults: Readonly<Record<string, unknown>>; readonly help: Readonly<Record<string, string>> };

/** What the extension folders offer; handed in, because config knows none of them. */
export interface Extensions {
  readonly probes: ReadonlyMap<string, OptionSchema>;
  readonly detectors: ReadonlyMap<string, OptionSchema>;
  readonly channels: ReadonlyMap<string, OptionSchema>;
  readonly actions: ReadonlyMap<string, OptionSchema>;
}

export const NO_EXTENSIONS: Extensions = { probes: new Map(), detectors: new Map(), channels: new Map(), actions: new Map() };

/** Checks the options of every probe, detector, channel and action that the configuration names. An empty map is not judged. */
export function checkExtensions(config: Config, extensions: Extensions, source: SourceMap): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const judge = (kind: string, known: ReadonlyMap<string, OptionSchema>, name: string, namePath: KeyPath, value: unknown, path: KeyPath): void => {
    if (known.size === 0) return;
    const schema = known.get(name);
    if (schema === undefined) {
      const [nearest] = nearestNames(name, known.keys());
      const remedy = nearest === undefined ? `known: ${[...known.keys()].sort().join(', ')}` : `did you mean "${nearest}"?`;
      issues.push({ key: formatKey(namePath), message: `there is no ${kind} "${name}"`, place: source.placeOf(namePath), remedy });
      return;
    }
    issues.push(...checkOptions(schema, value, path, source));
  };
  for (const [t, target] of config.targets.entries()) {
    for (const [c, check] of target.checks.entries()) {
      const at = ['targets', t, 'checks', c];
      judge('probe', extensions.probes, check.type, [...at, 'type'], check.options, [...at, 'options']);
    }
  }
  for (const [name, given] of Object.entries(config.detectors)) {
    const options = Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'enabled'));
    judge('detector', extensions.detectors, name, ['detectors', name], options, ['detectors', name]);
  }
  for (const [name, { type, ...options }] of Object.entries(config.channels)) {
    judge('channel type', extensions.channels, type, ['channels', name, 'type'], options, ['channels', name]);
  }
  for (const [r, rule] of config.actions.rules.entries()) {
    const at = ['actions', 'rules', r];
    judge('action', extensions.actions, rule.action, [...at, 'action'], rule.options, [...at, 'options']);
  }
  return issues;
}

function checkOptions(schema: OptionSchema, value: unknown, path: KeyPath, source: SourceMap): ConfigIssue[] {
  if ('schema' in schema) {
    const plain = plainSecrets(schema.secrets ?? [], (value ?? {}) as Record<string, unknown>).map((keys): ConfigIssue => ({
      key: formatKey([...path, ...keys]), message: 'a secret is never written here', place: source.placeOf([...path, ...keys]), remedy: `write ${keys.join('.')}: {file: path}, {env: NAME} or {credential: NAME}`,
    }));
    const parsed = schema.schema.safeParse(withoutSecrets(value));
    if (plain.length > 0 || parsed.success) return plain;
    // What a reference stands for is read late: its form is judged then.
    const issues = parsed.error.issues.filter((issue) => !isSecretRef(issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)));
    if (issues.length === 0) return [];
    const below: SourceMap = {
      ...source,
      placeOf: (p) => source.placeOf([...path, ...p]),
      placeOfKey: (p, key) => source.placeOfKey([...path, ...p], key),
    };
    return issuesOf(new z.ZodError(issues), below, () => shapeKeys(schema.schema)).map((i) => ({ ...i, key: i.key === '' ? formatKey(path) : `${formatKey(path)}.${i.key}` }));
  }
  const issues: ConfigIssue[] = [];
  for (const [key, given] of Object.entries((value ?? {}) as Record<string, unknown>)) {
    const usual = schema.defaults[key];
    if (!(key in schema.defaults)) issues.push(unknownKey(path, key, source, Object.keys(schema.defaults)));
    else if (usual !== null && typeof given !== typeof usual) {
      issues.push({ key: formatKey([...path, key]), message: `expected a ${typeof usual}, found ${typeof given}`, place: source.placeOf([...path, key]), remedy: schema.help[key] });
    }
  }
  return issues;
}

/** Members of a map that hold a secret by their name: a header, a variable of the environment. Others may be plain. */
const SECRET_MEMBER = /auth|token|key|secret|pass|cookie/i;

/** Keys of secrets that stand in the file as they are. */
function plainSecrets(secrets: readonly string[], value: Readonly<Record<string, unknown>>): (readonly string[])[] {
  return secrets.flatMap((key): (readonly string[])[] => {
    const given = value[key];
    // An address of a webhook is masked wherever it is shown, and may still stand in the file: not every one carries a token.
    if (given === undefined || isSecretRef(given) || key === 'url') return [];
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return [[key]];
    return Object.entries(given).filter(([name, member]) => SECRET_MEMBER.test(name) && !isSecretRef(member)).map(([name]) => [key, name]);
  });
}

/** References stand for text: their values are read late, and are not needed to judge the form. */
function withoutSecrets(value: unknown): unknown {
  if (isSecretRef(value)) return 'https://secret.invalid/';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutSecrets(v)]));
}

/** Keys of an object schema, if it is one. */
export function shapeKeys(schema: z.ZodType): readonly string[] {
  const shape = (schema as unknown as { shape?: Record<string, unknown> }).shape;
  return shape === undefined ? [] : Object.keys(shape);
}
