import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import { isoTime, nanosFromMs, parseDurationMs, type Nanos } from '../base/time.ts';
import { flowService } from '../app/services/record-services.ts';
import type { FlowRecord } from '../model/index.ts';
import { decodeRecord } from '../store/record-json.ts';
import { duckdb } from '../store/adapters/duckdb.ts';
import { createClient, isRunning } from './client.ts';
import type { CommandContext } from './define-command.ts';

export interface HistoryQuery {
  readonly filter: string;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly limit: number;
}

const PAGE = 1000;
const MEMORY = 192 * 2 ** 20;
const DEADLINE_MS = 60_000;

/**
 * Stored flows that match a display filter, newest first: asked of the running program through its socket; where none runs the
 * telemetry store is opened read-only.
 *
 * @throws {WirewatchError} WW_STORE_LOCKED with the id of the process that holds the store but does not answer.
 */
export async function* searchFlowHistory(ctx: CommandContext, query: HistoryQuery): AsyncIterable<FlowRecord> {
  let left = query.limit;
  const online = await isRunning(ctx.dataDir);
  const store = online ? null : await duckdb.open({ folder: path.join(ctx.dataDir, 'telemetry'), memoryBytes: MEMORY, threads: 2, queryDeadlineMs: DEADLINE_MS, readOnly: true });
  const service = store === null ? null : flowService({ telemetry: store, packetFields: () => [], checkPacketFilter: () => undefined, packetsOf: async () => [] });
  const client = createClient(ctx.dataDir);
  try {
    for (let cursor: string | null = null; left > 0; ) {
      const limit = Math.min(PAGE, left);
      const page: { rows: readonly FlowRecord[]; cursor: string | null } = service === null
        ? await client.get<{ rows: readonly Record<string, unknown>[]; cursor: string | null }>('/flows', { filter: query.filter, from: String(query.from), to: String(query.to), limit, cursor: cursor ?? undefined })
          .then(({ rows, cursor: next }) => ({ rows: rows.map((r) => decodeRecord('flows', r)), cursor: next }))
        : await service.search({ filter: query.filter, from: query.from, to: query.to, limit, cursor });
      for (const row of page.rows) {
        yield row;
        left--;
      }
      cursor = page.cursor;
      if (cursor === null) return;
    }
  } finally {
    await store?.close();
  }
}

/** `2026-11-21T10:00:00Z`, `2h` (ago), or an epoch in seconds. */
export function parseInstant(text: string, now: Nanos): Nanos {
  const ago = parseDurationMs(text);
  if (ago !== undefined) return now - nanosFromMs(ago);
  if (/^\d+(\.\d+)?$/.test(text)) return nanosFromMs(Number(text) * 1000);
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new WirewatchError('WW_ARGUMENT', `"${text}" is not a time`, { remedy: `write ${isoTime(now, 0)}, or 2h for two hours ago` });
  return nanosFromMs(at);
}
