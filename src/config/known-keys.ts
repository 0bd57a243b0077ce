import type { z } from 'zod';
import { configSchema } from './schema.ts';
import type { KeyPath } from './source-map.ts';

/** What zod keeps about a schema, as far as it is read here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
}

function definitionOf(schema: z.ZodType): Definition {
  return (schema as unknown as { def: Definition }).def;
}

/** Takes defaults, optionals and pipes off. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const def = definitionOf(schema);
  if (['default', 'prefault', 'optional', 'nullable', 'readonly', 'catch'].includes(def.type) && def.innerType !== undefined) return unwrap(def.innerType);
  if (def.type === 'pipe' && def.in !== undefined) return unwrap(def.in);
  return schema;
}

/** The schema of a key, or undefined where there is none. */
export function schemaAt(path: KeyPath, root: z.ZodType = configSchema): z.ZodType | undefined {
  let schema: z.ZodType = root;
  for (const part of path) {
    const def = definitionOf(unwrap(schema));
    const next = def.type === 'object' ? def.shape?.[String(part)] : def.type === 'array' ? def.element : def.type === 'record' ? def.valueType : undefined;
    // A list may be left out of a written path: `targets.checks.interval`.
    const through: z.ZodType | undefined = def.type === 'array' && typeof part === 'string' && def.element !== undefined ? schemaAt([part], def.element) : next;
    if (through === undefined) return undefined;
    schema = through;
  }
  return schema;
}

/** The sections and keys below a key; empty for values. */
export function knownKeys(path: KeyPath): readonly string[] {
  const schema = schemaAt(path);
  if (schema === undefined) return [];
  const def = definitionOf(unwrap(schema));
  const inner = def.type === 'array' && def.element !== undefined ? definitionOf(unwrap(def.element)) : def;
  return Object.keys(inner.shape ?? {});
}

/** Every key with its schema, in order; entries of lists and maps are written without index. */
export function* walkKeys(schema: z.ZodType = configSchema, path: readonly string[] = []): Generator<{ readonly path: readonly string[]; readonly schema: z.ZodType }> {
  if (path.length > 8) return;
  const def = definitionOf(unwrap(schema));
  if (path.length > 0) yield { path, schema };
  // The routing tree contains itself: one turn says it all.
  if (path.at(-1) === 'routes') return;
  const below = def.type === 'array' ? def.element : def.type === 'record' ? def.valueType : undefined;
  const shape = def.shape ?? (below === undefined ? undefined : definitionOf(unwrap(below)).shape);
  const at = def.type === 'record' ? [...path, 'NAME'] : path;
  for (const [key, child] of Object.entries(shape ?? {})) yield* walkKeys(child, [...at, key]);
}
