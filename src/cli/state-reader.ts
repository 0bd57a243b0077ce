import { existsSync } from 'node:fs';
import path from 'node:path';
import { evidenceService } from '../app/services/evidence-service.ts';
import { incidentService } from '../app/services/incident-services.ts';
import { WirewatchError } from '../base/errors.ts';
import { bigintReplacer } from '../base/canonical-json.ts';
import { openStateStore } from '../store/adapters/sqlite.ts';
import { createClient, isRunning } from './client.ts';
import type { CommandContext } from './define-command.ts';

/** Reads of incidents as the API answers them: instants as digits. */
export interface IncidentReader {
  list<T>(query: { readonly status: 'open' | 'closed' | 'all'; readonly limit: number }): Promise<readonly T[]>;
  get<T>(id: string): Promise<T>;
  close(): void;
}

/** The running program through its socket; where none runs, the state store, read-only. */
export async function openIncidentReader(ctx: CommandContext): Promise<IncidentReader> {
  if (await isRunning(ctx.dataDir)) {
    const client = createClient(ctx.dataDir);
    return {
      list: async <T>(query: { status: string; limit: number }) => (await client.get<{ rows: readonly T[] }>('/incidents', query)).rows,
      get: async <T>(id: string) => await client.get<T>(`/incidents/${encodeURIComponent(id)}`),
      close: () => undefined,
    };
  }
  const file = path.join(ctx.dataDir, 'state.db');
  if (!existsSync(file)) throw new WirewatchError('WW_NOT_RUNNING', 'no program runs on this data folder, and nothing is stored in it', { where: ctx.dataDir, remedy: 'start it (wirewatch run), or name its folder with --data' });
  const store = openStateStore({ file, readOnly: true });
  const evidence = evidenceService(store, path.join(ctx.dataDir, 'evidence'), () => 0n);
  const notRunning = (): never => {
    throw new WirewatchError('WW_NOT_RUNNING', 'no program runs on this data folder', { where: ctx.dataDir, remedy: 'start it: wirewatch run' });
  };
  const service = incidentService({ store, loop: { order: notRunning } as never, now: notRunning, respond: notRunning, evidence: (id) => evidence.ofIncident(id), sendTest: notRunning });
  const written = <T>(value: unknown): T => JSON.parse(JSON.stringify(value, bigintReplacer)) as T;
  return {
    list: async ({ status, limit }) => written((await service.list({ phase: null, status, limit, cursor: null })).rows),
    get: async (id) => written(await service.get(id as never)),
    close: () => store.close(),
  };
}
