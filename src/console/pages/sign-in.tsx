import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { call } from '../client.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { definePage } from '../define-page.ts';
import { formText } from '../form-text.ts';

function SignIn() {
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => call('POST /sign-in', { body }),
    // A fresh document, so that nothing of another account stays in memory. Only paths of our own are followed.
    onSuccess: () => {
      const to = new URLSearchParams(window.location.search).get('to') ?? '/';
      window.location.assign(/^\/(?![/\\])/.test(to) ? to : '/');
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    signIn.mutate({ name: formText(event.currentTarget, 'name'), password: formText(event.currentTarget, 'password') });
  };
  return (
    <main className="door">
      <h1>Wirewatch</h1>
      <form onSubmit={submit}>
        <label>Name<input name="name" autoComplete="username" autoCapitalize="off" required autoFocus /></label>
        <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
        <button type="submit" className="primary" disabled={signIn.isPending}>{signIn.isPending ? 'Signing in…' : 'Sign in'}</button>
        {signIn.isError ? <ErrorNote error={signIn.error} /> : null}
      </form>
    </main>
  );
}

export const signInPage = definePage({ path: '/sign-in', title: 'Sign in', permission: null, nav: null, component: SignIn });
export default signInPage;
