import type { Nothing, Routes } from './client.generated.ts';

/** An answer that is an error: what, where (for a filter: text and caret), what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly where: string | null;
  readonly remedy: string | null;

  constructor(status: number, body: { code?: string; message?: string; where?: string | null; remedy?: string | null }) {
    super(body.message ?? `the server answered ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code ?? 'internal';
    this.where = body.where ?? null;
    this.remedy = body.remedy ?? null;
  }
}

type Part<K extends keyof Routes, P extends 'params' | 'query' | 'body'> = Routes[K][P] extends Nothing ? { [Q in P]?: undefined } : Partial<Routes[K][P]> extends Routes[K][P] ? { [Q in P]?: Routes[K][P] } : { [Q in P]: Routes[K][P] };
export type Request<K extends keyof Routes> = Part<K, 'params'> & Part<K, 'query'> & Part<K, 'body'>;

/** Address of a route with its parameters filled in, for links that the browser follows (downloads). */
export function urlOf(route: string, parts: { params?: object | undefined; query?: object | undefined }): string {
  const path = route.slice(route.indexOf(' ') + 1).replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String((parts.params as Record<string, unknown>)[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) if (value !== undefined && value !== null) search.set(name, String(value));
  return `/api/v1${path}${search.size > 0 ? `?${search}` : ''}`;
}

/** Calls one route, typed from the server's own schemas. Throws ApiError for whatever is not a success. */
export async function call<K extends keyof Routes>(route: K, request: Request<K>, signal?: AbortSignal): Promise<Routes[K]['response']> {
  const parts = request as { params?: object; query?: object; body?: object };
  const method = route.slice(0, route.indexOf(' '));
  let response: Response;
  try {
    response = await fetch(urlOf(route, parts), {
      method,
      credentials: 'same-origin',
      ...(signal === undefined ? {} : { signal }),
      ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(parts.body ?? {}) } : {}),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, { code: 'offline', message: 'the program does not answer', remedy: 'is it running? This page tries again by itself.' });
  }
  const body: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, body as object);
  return body as Routes[K]['response'];
}
