import { z } from 'zod';
import type { Route } from './define-route.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the routes, made from the schemas that the server itself checks requests with. */
export function openApiOf(routes: readonly Route[], version: string): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `${route.prefix ?? '/api/v1'}${route.path.replace(/:(\w+)/g, '{$1}')}`;
    const item = (paths[path] ??= {});
    item[route.method.toLowerCase()] = operationOf(route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wirewatch', version, description: 'Instants are nanoseconds since the epoch as strings of digits.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...schemas, Error: ERROR },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'wirewatch_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

const ERROR = {
  type: 'object',
  properties: {
    code: { type: 'string' }, message: { type: 'string' },
    where: { type: ['string', 'null'], description: 'Place of the mistake; for a filter its text with a caret under it.' },
    remedy: { type: ['string', 'null'] },
  },
  required: ['code', 'message', 'where', 'remedy'],
};

function operationOf(route: Route, schemas: Json): Json {
  const failure = { description: 'What is wrong, where, and what to do.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.prefix === undefined ? '' : 'Alertmanager'}${route.path.replace(/[^a-z0-9]+(\w)/gi, (_, c: string) => c.toUpperCase())}`,
    ...(route.permission === 'public' ? { security: [] } : { security: [{ session: [] }, { token: [] }] }),
    'x-permission': route.permission,
    parameters: [...parametersOf(route.params, 'path', schemas), ...parametersOf(route.query, 'query', schemas)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(route.body, 'input', schemas) } } } }),
    responses: {
      200: route.response === undefined
        ? { description: 'The file.', content: { 'application/octet-stream': {} } }
        : { description: 'Done.', content: { 'application/json': { schema: jsonSchemaOf(route.response, 'output', schemas) } } },
      default: failure,
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Json): Json[] {
  if (schema === undefined) return [];
  const object = jsonSchemaOf(schema, 'input', schemas) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name, in: place, required: place === 'path' || (object.required ?? []).includes(name), schema: property,
  }));
}

/** JSON Schema of a zod schema; those with an id go to `schemas` and are referred to. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $defs, $schema: _dialect, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Json };
  const moved = JSON.parse(JSON.stringify({ own, $defs: $defs ?? {} }).replaceAll('"#/$defs/', '"#/components/schemas/')) as { own: Json; $defs: Json };
  for (const [id, definition] of Object.entries(moved.$defs)) {
    const { id: _id, ...rest } = definition as Json;
    schemas[id] = rest;
  }
  if (typeof moved.own['id'] === 'string') {
    const { id, ...rest } = moved.own;
    schemas[id as string] = rest;
    return { $ref: `#/components/schemas/${id as string}` };
  }
  return moved.own;
}
