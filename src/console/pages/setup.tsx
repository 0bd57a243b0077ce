import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { call } from '../client.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { definePage } from '../define-page.ts';
import { formText } from '../form-text.ts';

/** The token is in the fragment, which no server and no log sees; it leaves the address bar at once. */
function takeToken(): string {
  const token = window.location.hash.slice(1);
  if (window.location.pathname !== '/setup') return '';
  if (token !== '') window.history.replaceState(null, '', '/setup');
  return token;
}

const token = takeToken();

function SetUp() {
  const [mismatch, setMismatch] = useState(false);
  useEffect(() => {
    // The link opened in a tab that already shows this page changes the fragment only.
    const again = (): void => window.location.reload();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, []);
  const setUp = useMutation({
    mutationFn: (body: { token: string; name: string; password: string }) => call('POST /setup', { body }),
    onSuccess: () => window.location.assign('/'),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = formText(event.currentTarget, 'password');
    const same = password === formText(event.currentTarget, 'again');
    setMismatch(!same);
    if (same) setUp.mutate({ token, name: formText(event.currentTarget, 'name'), password });
  };
  return (
    <main className="door">
      <h1>First account</h1>
      {token === '' ? (
        <p className="note">Open the link that the program printed when it started. It works once, for a day; a restart prints a new one.</p>
      ) : (
        <form onSubmit={submit}>
          <p className="muted">It becomes the network security officer, who may do everything and make further accounts.</p>
          <label>Name<input name="name" autoComplete="username" autoCapitalize="off" pattern="[a-z][a-z0-9._\-]{0,31}" title="lower-case letters, digits, dot, dash, underscore" required autoFocus /></label>
          <label>Password<input name="password" type="password" autoComplete="new-password" minLength={12} required /><small>At least 12 characters; a few words are fine.</small></label>
          <label>Password again<input name="again" type="password" autoComplete="new-password" required aria-invalid={mismatch} /></label>
          {mismatch ? <p className="note error" role="alert">The two passwords differ.</p> : null}
          <button type="submit" className="primary" disabled={setUp.isPending}>{setUp.isPending ? 'Making it…' : 'Make the account'}</button>
          {setUp.isError ? <ErrorNote error={setUp.error} /> : null}
        </form>
      )}
    </main>
  );
}

export const setUpPage = definePage({ path: '/setup', title: 'First account', permission: null, nav: null, component: SetUp });
export default setUpPage;
