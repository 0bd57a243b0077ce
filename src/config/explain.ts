import { z } from 'zod';
import { formatDurationMs } from '../base/time.ts';
import { nearestNames } from '../base/nearest.ts';
import { WirewatchError } from '../base/errors.ts';
import { knownKeys, schemaAt, unwrap, walkKeys } from './known-keys.ts';
import type { LoadedConfig } from './load-config.ts';
import { isSecretRef } from './secret.ts';

/** What one key means, takes, and is. */
export interface KeyExplanation {
  readonly key: string;
  readonly meaning: string;
  readonly takes: string;
  readonly default: string | null;
  /** The value in force, secrets by their place only; null where the key stands for entries of a list or map. */
  readonly value: string | null;
  /** `default`, or `FILE:line`. */
  readonly origin: string;
  readonly keys: readonly string[];
}

/** Explains a key such as `capture.packets.maxAge`; list indices may be left out. Throws WW_ARGUMENT with the nearest key. */
export function explainKey(key: string, loaded: LoadedConfig | null): KeyExplanation {
  const path = key === '' ? [] : key.replaceAll(/\[(\d+)\]/g, '.$1').split('.').map((p) => (/^\d+$/.test(p) ? Number(p) : p));
  const schema = schemaAt(path);
  if (schema === undefined) {
    const all = [...walkKeys()].map((k) => k.path.join('.'));
    const [nearest] = nearestNames(key, all);
    const shorter = all.find((k) => k.endsWith(`.${path.at(-1)}`));
    throw new WirewatchError('WW_ARGUMENT', `there is no key "${key}"`, { remedy: (nearest ?? shorter) === undefined ? undefined : `did you mean "${nearest ?? shorter}"?` });
  }
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const value = path.some((p, i) => typeof p === 'string' && isListAt(path.slice(0, i))) ? undefined : valueAt(loaded?.config, path);
  const given = valueAt(loaded?.input, path) !== undefined;
  const place = given && loaded?.source !== null && loaded?.form === 'own' ? loaded?.source?.placeOf(path) : undefined;
  return {
    key,
    meaning: descriptionOf(schema),
    takes: describeType(json),
    default: json.default === undefined ? null : JSON.stringify(json.default),
    value: value === undefined ? null : JSON.stringify(maskSecrets(value)),
    origin: place !== undefined ? `${loaded?.file}:${place.line}` : given ? (loaded?.form === 'seed-002' ? `${loaded.file} (translated)` : 'built-in configuration') : 'default',
    keys: knownKeys(path),
  };
}

function isListAt(path: readonly (string | number)[]): boolean {
  const schema = schemaAt(path);
  return schema !== undefined && (unwrap(schema) as unknown as { def: { type: string } }).def.type === 'array';
}

/** A value as JSON would show it; what is secret is named by its place, and nothing else was ever in it. */
export function maskSecrets(value: unknown): unknown {
  if (isSecretRef(value)) return { secret: Object.entries(value).map(([k, v]) => `${k} ${v}`)[0] };
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, maskSecrets(v)]));
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const part of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

function descriptionOf(schema: z.ZodType): string {
  let current: z.ZodType | undefined = schema;
  while (current !== undefined) {
    if (current.description !== undefined) return current.description;
    current = (current as unknown as { def: { innerType?: z.ZodType; in?: z.ZodType } }).def.innerType;
  }
  return '';
}

function describeType(json: z.core.JSONSchema.BaseSchema): string {
  if (json.enum !== undefined) return `one of ${json.enum.map((v) => JSON.stringify(v)).join(', ')}`;
  if (json.const !== undefined) return JSON.stringify(json.const);
  if (json.id === 'secret' || json.anyOf !== undefined || json.allOf !== undefined) return 'a secret: {file: ...}, {env: ...} or {credential: ...}';
  const range = json.minimum !== undefined || json.maximum !== undefined ? ` (${json.minimum ?? ''} to ${json.maximum ?? ''})` : '';
  const examples = Array.isArray(json.examples) ? `, such as ${json.examples.map((e) => JSON.stringify(e)).join(' or ')}` : '';
  const names: Readonly<Record<string, string>> = { object: 'a section', array: 'a list', string: json.format === undefined ? 'text' : `a ${json.format}`, integer: 'a whole number', number: 'a number', boolean: 'true or false' };
  return `${names[String(json.type)] ?? 'any value'}${range}${examples}`;
}

/** The whole configuration in words: what is watched, kept, told and done. */
export function explainConfig(loaded: LoadedConfig): string[] {
  const { config } = loaded;
  const lines = [`Configuration: ${loaded.file ?? 'built in'}${loaded.form === 'seed-002' ? " (the monitoring script's JSON, translated)" : ''}`];
  lines.push(`Listens on ${config.listen.address} port ${config.listen.port}${config.listen.tls === undefined ? '' : ' with TLS'}.`);
  for (const target of config.targets) {
    for (const check of target.checks) {
      const t = check.thresholds;
      const limits = [`loss above ${t.loss * 100} %${t.lossRounds > 1 ? ` over ${t.lossRounds} rounds` : ''}`];
      if (t.latency !== undefined) limits.push(`${t.latencyOf} above ${formatDurationMs(t.latency)}`);
      lines.push(`Probes ${target.name ?? target.address} (${target.address}) with ${check.type} every ${formatDurationMs(check.interval)}; degraded at ${limits.join(', ')}; hard after ${check.hysteresis.failAfter} failed rounds.`);
    }
  }
  const c = config.capture;
  lines.push(c.enabled === 'no' ? 'Captures nothing.' : `Captures on ${c.interfaces.length === 0 ? 'the interfaces of the default routes' : c.interfaces.join(', ')}${c.filter === '' ? '' : ` what matches "${c.filter}"`}; packets are kept for ${formatDurationMs(c.packets.maxAge)} and at most ${(c.packets.maxSize / 2 ** 20).toFixed(0)} MiB.`);
  lines.push(`Records are kept for ${formatDurationMs(config.retention.records)} and at most ${(config.retention.maxSize / 2 ** 30).toFixed(1)} GiB.`);
  for (const [name, receiver] of Object.entries(config.alerting.receivers)) {
    lines.push(`Receiver ${name} is told through ${receiver.channels.map((ch) => `${ch} (${config.channels[ch]?.type ?? '?'})`).join(', then ')}.`);
  }
  if (Object.keys(config.alerting.receivers).length === 0) lines.push('Nobody is told: no receiver is configured; alerts and incidents are on the console.');
  for (const rule of config.actions.rules) lines.push(`Action ${rule.id} (${rule.action}) for ${rule.matchers.join(' ')}: ${rule.mode ?? config.actions.policy.mode}.`);
  return lines;
}
