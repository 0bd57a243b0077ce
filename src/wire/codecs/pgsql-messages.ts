import type { Field } from '../../filter/field.ts';
import { pgsqlFields } from './pgsql-fields.ts';

const F = pgsqlFields;

/** Types of messages by their letter, from clients (PostgreSQL 16 §55.7). */
export const FRONTEND: Readonly<Record<string, string>> = {
  p: 'Password message', Q: 'Simple query', P: 'Parse', B: 'Bind', E: 'Execute', D: 'Describe', C: 'Close', H: 'Flush', S: 'Sync', F: 'Function call',
  d: 'Copy data', c: 'Copy completion', f: 'Copy failure', X: 'Termination',
};
/** The same from servers. */
export const BACKEND: Readonly<Record<string, string>> = {
  R: 'Authentication request', K: 'Backend key data', S: 'Parameter status', 1: 'Parse completion', 2: 'Bind completion', 3: 'Close completion',
  C: 'Command completion', t: 'Parameter description', T: 'Row description', D: 'Data row', I: 'Empty query', n: 'No data', E: 'Error', N: 'Notice',
  s: 'Portal suspended', Z: 'Ready for query', A: 'Notification', V: 'Function call response', G: 'CopyIn response', H: 'CopyOut response',
  W: 'CopyBoth response', d: 'Copy data', c: 'Copy completion', v: 'Negotiate protocol version',
};

/** Fields of errors and notices by their letter (§55.8). */
export const ERROR_FIELDS: Readonly<Record<string, Field>> = {
  S: F.severity, C: F.code, M: F.message, D: F.detail, H: F.hint, P: F.position, p: F.internalPosition, q: F.internalQuery, W: F.where, s: F.schemaName,
  t: F.tableName, c: F.columnName, d: F.typeName, n: F.constraintName, F: F.file, L: F.line, R: F.routine,
};
