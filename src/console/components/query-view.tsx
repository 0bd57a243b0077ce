import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNote } from './error-note.tsx';

/** The four states of whatever is fetched: loading, failed, empty, there. Old data stays while new comes. */
export function QueryView<T>({ query, empty, isEmpty, children }: {
  readonly query: UseQueryResult<T>;
  /** Said where there is nothing, with what to do about it. */
  readonly empty?: ReactNode;
  readonly isEmpty?: (data: T) => boolean;
  readonly children: (data: T) => ReactNode;
}) {
  if (query.data === undefined) {
    if (query.isError) return <ErrorNote error={query.error} retry={() => void query.refetch()} />;
    return <div className="skeleton" role="status" aria-label="Loading"><i /><i /><i /></div>;
  }
  return (
    <>
      {query.isError ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : null}
      {isEmpty?.(query.data) === true ? <div className="empty">{empty}</div> : children(query.data)}
    </>
  );
}
