// The store process: owns the telemetry files, alone, so that DuckDB's threads cannot starve the main process (measured: four heavy
// queries held a name look-up there for 20 s). Ends when its parent goes.
import module from 'node:module';
import { WirewatchError } from '../base/errors.ts';
import { duckdb, isFatal } from '../store/adapters/duckdb.ts';
import type { ColumnBatch } from '../store/column-batch.ts';
import type { RecordStore } from '../store/define-store.ts';
import { EXIT_FATAL, type StoreAnswer, type StoreRequest, type StoreResult } from './store-messages.ts';

module.enableCompileCache();

/** A cursor that nobody reads is given up, with its place in the gate. */
const CURSOR_IDLE_MS = 60_000;

let store: RecordStore | undefined;
const cursors = new Map<number, { readonly iterator: AsyncIterator<ColumnBatch>; idle: NodeJS.Timeout }>();

function opened(): RecordStore {
  if (store === undefined) throw new Error('the store process was asked before it was told to open its store');
  return store;
}

async function readOn(id: number): Promise<ColumnBatch | undefined> {
  const cursor = cursors.get(id);
  if (cursor === undefined) throw new WirewatchError('WW_STORE_QUERY', `nobody read this query for ${CURSOR_IDLE_MS / 1000} s; it was given up`);
  clearTimeout(cursor.idle);
  const next = await cursor.iterator.next();
  if (next.done === true) {
    cursors.delete(id);
    return undefined;
  }
  cursor.idle = setTimeout(() => void cancel(id), CURSOR_IDLE_MS);
  return next.value;
}

async function cancel(id: number): Promise<undefined> {
  const cursor = cursors.get(id);
  cursors.delete(id);
  clearTimeout(cursor?.idle);
  await cursor?.iterator.return?.();
  return undefined;
}

async function answer(request: StoreRequest): Promise<StoreResult> {
  switch (request.op) {
    case 'open':
      store = await duckdb.open(request.options);
      return undefined;
    case 'append':
      return await (opened().append(request.batch, request.number) as Promise<undefined>);
    case 'query':
      cursors.set(request.id, { iterator: opened().query(request.query)[Symbol.asyncIterator](), idle: setTimeout(() => void cancel(request.id), CURSOR_IDLE_MS) });
      return await readOn(request.id);
    case 'next':
      return await readOn(request.id);
    case 'cancel':
      return await cancel(request.id);
    case 'summarize':
      return await opened().summarize(request.query);
    case 'begin_dataset':
      return await (opened().beginDataset(request.dataset) as Promise<undefined>);
    case 'append_dataset':
      return await (opened().appendDataset(request.dataset, request.batch) as Promise<undefined>);
    case 'finish_dataset':
      return await (opened().finishDataset(request.dataset) as Promise<undefined>);
    case 'datasets':
      return await opened().datasets();
    case 'expire':
      return await opened().expire(request.before, request.maxBytes, request.now);
  }
}

function reply(message: StoreAnswer): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, undefined, undefined, () => resolve());
  });
}

process.on('message', (request: StoreRequest) => {
  void answer(request).then(
    (result) => reply({ id: request.id, ok: true, result }),
    async (error: Error) => {
      cursors.delete(request.id);
      if (isFatal(error)) {
        process.stderr.write(`the telemetry engine gave up: ${error.message.split('\n')[0]}\n`);
        process.exit(EXIT_FATAL);
      }
      const known = error instanceof WirewatchError ? error : undefined;
      await reply({ id: request.id, ok: false, error: { code: known?.code ?? null, message: error.message, where: known?.where, remedy: known?.remedy } });
    },
  );
});

// The terminal's Ctrl-C reaches the whole group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  void (store?.close() ?? Promise.resolve()).finally(() => process.exit(0));
});
