import { z } from 'zod';
import { WirewatchError, type ErrorCode } from '../base/errors.ts';

/** HTTP status of each code that is not simply a wrong request (400). */
const STATUS: Partial<Record<ErrorCode, number>> = {
  WW_AUTH_REQUIRED: 401,
  WW_AUTH_CREDENTIALS: 401,
  WW_AUTH_FORBIDDEN: 403,
  WW_AUTH_LIMIT: 429,
  WW_NOT_FOUND: 404,
  WW_CONFLICT: 409,
  WW_ACTION_REFUSED: 409,
  WW_DRILL_PRIVILEGE: 409,
  WW_STORE_LOCKED: 503,
  WW_STORE_FULL: 507,
  WW_STORE_QUERY: 503,
  WW_NOT_RUNNING: 503,
};

/** What every failed request answers. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly where: string | null;
  readonly remedy: string | null;
}

/** Status and body for whatever was thrown. Bugs show no detail: it is in the log. */
export function describeError(error: unknown): { readonly status: number; readonly body: ErrorBody; readonly bug: boolean } {
  if (error instanceof WirewatchError) {
    return {
      status: STATUS[error.code] ?? 400,
      body: { code: error.code, message: error.message, where: error.where ?? null, remedy: error.remedy ?? null },
      bug: false,
    };
  }
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return {
      status: 400,
      body: { code: 'WW_ARGUMENT', message: issue?.message ?? 'the request does not fit', where: issue?.path.join('.') || null, remedy: null },
      bug: false,
    };
  }
  // Fastify's own refusals: malformed JSON, too large a body, unknown media type.
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, body: { code: 'WW_ARGUMENT', message: (error as Error).message, where: null, remedy: null }, bug: false };
  }
  return { status: 500, body: { code: 'internal', message: 'the program made a mistake; its log has the details', where: null, remedy: null }, bug: true };
}
