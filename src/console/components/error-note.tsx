import { ApiError } from '../client.ts';

/** What went wrong, where (a filter with its caret), what to do. */
export function ErrorNote({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  return (
    <div className="note error" role="alert">
      <p><strong>{sentence(error instanceof Error ? error.message : String(error))}</strong></p>
      {typeof api?.where === 'string' ? <pre className="caret">{api.where}</pre> : null}
      {typeof api?.remedy === 'string' ? <p>{sentence(api.remedy)}</p> : null}
      {retry === undefined ? null : <button type="button" onClick={retry}>Try again</button>}
    </div>
  );
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(first) ? first : `${first}.`;
}
