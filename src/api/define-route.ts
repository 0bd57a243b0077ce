import type { z } from 'zod';
import type { Permission } from '../model/index.ts';
import type { EvidenceContent, Services } from '../pipeline/services.ts';
import type { Authority } from './authority.ts';
import type { Identity } from './identity.ts';

/** Who may call a route: holders of a permission, anybody who is signed in, or anybody. */
export type Access = Permission | 'signed-in' | 'public';

/**
 * What a handler may return for a response schema: where the JSON has a text, a bigint will do (the API writes its digits).
 */
export type Writable<T> = unknown extends T
  ? T
  : T extends string
    ? string extends T ? string | bigint : T
    : T extends number | boolean | null | undefined
      ? T
      : T extends readonly (infer U)[] ? readonly Writable<U>[] : { readonly [K in keyof T]: Writable<T[K]> };

/** One request as a handler sees it: everything is validated. */
export interface RouteRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Null only on public routes. */
  readonly identity: Identity | null;
  /** Name for the record: `cli:1000`, a user's name, or `nobody` on public routes. */
  readonly actor: string;
  /** Address of the client, for rate limits and the audit. */
  readonly address: string;
  readonly authority: Authority;
  /** The session cookie: only sign-in, set-up and sign-out touch it. */
  setSession(cookie: string | null): void;
}

/** What the audit chain is told once the handler has succeeded and before the answer leaves. */
export interface AuditRule<P, B> {
  readonly action: string;
  object(request: { readonly params: P; readonly body: B; readonly query: unknown }): string;
  details?(request: { readonly params: P; readonly body: B; readonly query: unknown }): Readonly<Record<string, string>>;
}

interface RouteHead<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: 'GET' | 'POST';
  /** `/api/v1` where nothing is said; another program's API has its own. */
  readonly prefix?: '/api/v2' | undefined;
  /** Below the prefix, `/incidents/:id/note`. */
  readonly path: string;
  readonly permission: Access;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly audit?: AuditRule<z.output<P>, z.output<B>>;
}

type Empty = z.ZodObject<Record<never, never>>;

export interface JsonRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> extends RouteHead<P, Q, B> {
  readonly response: R;
  handler(services: Services, request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>): Promise<Writable<z.input<R>>>;
}

export interface DownloadRoute<P extends z.ZodType, Q extends z.ZodType> extends RouteHead<P, Q, Empty> {
  /** The answer is a file. */
  readonly download: true;
  handler(services: Services, request: RouteRequest<z.output<P>, z.output<Q>, unknown>): Promise<EvidenceContent>;
}

/** A route without its schemas' types: what the server, the reference and the tests walk over. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly prefix: '/api/v2' | undefined;
  readonly path: string;
  readonly permission: Access;
  readonly summary: string;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  /** Undefined for a download. */
  readonly response: z.ZodType | undefined;
  readonly audit: AuditRule<unknown, unknown> | undefined;
  readonly handler: (services: Services, request: RouteRequest<unknown, unknown, unknown>) => Promise<unknown>;
}

/** Declares one route; the declaration feeds the server, OpenAPI, the console's client and the contract test. */
export function defineRoute<R extends z.ZodType, P extends z.ZodType = Empty, Q extends z.ZodType = Empty, B extends z.ZodType = Empty>(
  route: JsonRoute<P, Q, B, R>,
): Route {
  return erase(route, route.response);
}

/** Declares a route whose answer is a file. */
export function defineDownload<P extends z.ZodType = Empty, Q extends z.ZodType = Empty>(route: DownloadRoute<P, Q>): Route {
  return erase(route, undefined);
}

function erase(route: RouteHead<z.ZodType, z.ZodType, z.ZodType> & { readonly handler: unknown }, response: z.ZodType | undefined): Route {
  return {
    method: route.method,
    prefix: route.prefix,
    path: route.path,
    permission: route.permission,
    summary: route.summary,
    params: route.params,
    query: route.query,
    body: route.body,
    response,
    audit: route.audit as AuditRule<unknown, unknown> | undefined,
    handler: route.handler as Route['handler'],
  };
}
