// Writes src/console/client.generated.ts: the types of every route, from the same schemas that the server checks with.
// `--check` only compares. test/contract/client.test.ts runs that.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { Route } from '../src/api/define-route.ts';
import { jsonSchemaOf } from '../src/api/openapi.ts';
import { routes } from '../src/api/routes.generated.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** TypeScript of a JSON Schema, as far as our schemas go; anything else is `unknown`. */
function typeOf(s: Schema): string {
  if (s.$ref !== undefined) return s.$ref.split('/').at(-1)!;
  if (s.const !== undefined) return JSON.stringify(s.const);
  if (s.enum !== undefined) return s.enum.map((v) => JSON.stringify(v)).join(' | ');
  if (s.anyOf !== undefined) return s.anyOf.map(typeOf).join(' | ');
  if (Array.isArray(s.type)) return s.type.map((type: string) => typeOf({ ...s, type })).join(' | ');
  switch (s.type) {
    case 'string': return 'string';
    case 'number': case 'integer': return 'number';
    case 'boolean': return 'boolean';
    case 'null': return 'null';
    case 'array': return `readonly (${typeOf(s.items ?? {})})[]`;
    case 'object': return objectOf(s);
    default: return 'unknown';
  }
}

function objectOf(s: Schema): string {
  const entries = Object.entries(s.properties ?? {});
  const rest = typeof s.additionalProperties === 'object' ? s.additionalProperties : undefined;
  if (entries.length === 0) return rest === undefined ? 'Readonly<Record<string, never>>' : `Readonly<Record<string, ${typeOf(rest)}>>`;
  const members = entries.map(([name, p]) => `readonly ${name}${(s.required ?? []).includes(name) ? '' : '?'}: ${typeOf(p)}`);
  if (rest !== undefined && Object.keys(rest).length === 0) members.push('readonly [name: string]: unknown');
  return `{ ${members.join('; ')} }`;
}

const named: Record<string, unknown> = {};
const part = (schema: z.ZodType | undefined, io: 'input' | 'output'): string =>
  schema === undefined ? 'Nothing' : typeOf(jsonSchemaOf(schema, io, named) as Schema);
const rows = (routes as readonly Route[]).map((r) => {
  const response = r.response === undefined ? 'Blob' : part(r.response, 'output');
  return `  /** ${r.summary} */\n  '${r.method} ${r.path}': { readonly params: ${part(r.params, 'input')}; readonly query: ${part(r.query, 'input')}; readonly body: ${part(r.body, 'input')}; readonly response: ${response} };\n`;
});
const types = Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => `export type ${name} = ${typeOf(schema as Schema)};\n`);
const text = `// Written by \`node scripts/gen-client.ts\` from the routes of the API. Do not edit.\n
export type Nothing = Readonly<Record<string, never>>;\n\n${types.join('\n')}
/** Every route by method and path, with the types of what it takes and gives. */
export interface Routes {\n${rows.join('')}}\n`;

const target = path.join(path.resolve(import.meta.dirname, '..'), 'src/console/client.generated.ts');
const current = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (current !== text) {
  if (process.argv.includes('--check')) {
    process.stderr.write('stale: src/console/client.generated.ts (run: node scripts/gen-client.ts)\n');
    process.exit(1);
  }
  writeFileSync(target, text);
  process.stdout.write('wrote src/console/client.generated.ts\n');
}
