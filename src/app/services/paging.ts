import { WirewatchError } from '../../base/errors.ts';
import type { Page, PageQuery } from '../../pipeline/services.ts';
import type { Document, DocumentQuery, StateStore } from '../../store/state-store.ts';

/** A place in a list that runs from new to old: the time and id of its last row. */
export interface ListPlace {
  readonly time: bigint;
  readonly id: string;
}

export function writeCursor(place: ListPlace): string {
  return Buffer.from(`${place.time} ${place.id}`).toString('base64url');
}

/** Throws WW_ARGUMENT for text that `writeCursor` did not write. */
export function readCursor(cursor: string | null): ListPlace | null {
  if (cursor === null) return null;
  const found = /^(-?\d+) (.*)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  if (found === null) throw new WirewatchError('WW_ARGUMENT', 'the cursor is not one that this program gave');
  return { time: BigInt(found[1]), id: found[2] };
}

/** A page of documents from new to old, `keep` deciding what counts. */
export function pageOf<T>(store: StateStore, query: Omit<DocumentQuery, 'limit' | 'order' | 'to'>, page: PageQuery, keep: (document: Document<T>) => boolean = () => true): Page<T> {
  const rows: Document<T>[] = [];
  let place = readCursor(page.cursor);
  for (;;) {
    // Rows of the cursor's own instant come again and are passed over by id.
    const found = store.find<T>({ ...query, limit: page.limit + 64, ...(place === null ? {} : { to: place.time + 1n }) });
    const fresh = found.filter((d) => place === null || d.time < place.time || d.id < place.id);
    for (const document of fresh) {
      if (rows.length > page.limit) break;
      if (keep(document)) rows.push(document);
    }
    const last = fresh.at(-1);
    if (rows.length > page.limit || last === undefined || found.length < page.limit + 64) break;
    place = { time: last.time, id: last.id };
  }
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown.map((d) => d.body), cursor: rows.length > page.limit && last !== undefined ? writeCursor(last) : null };
}
