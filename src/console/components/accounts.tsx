import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ROLES } from '../../model/roles.ts';
import { call } from '../client.ts';
import type { Account, Role } from '../client.generated.ts';
import { formText } from '../form-text.ts';
import { useSession } from '../session.ts';
import { ErrorNote } from './error-note.tsx';
import { Instant } from './marks.tsx';
import { QueryView } from './query-view.tsx';

const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** Accounts: who they are, which role each has; a new one; in use or not. */
export function Accounts() {
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => call('GET /users', {}, signal) });
  const client = useQueryClient();
  const me = useSession();
  const [adding, setAdding] = useState(false);
  const change = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => {
      setAdding(false);
      return client.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const update = (account: Account, body: { roles?: Role[]; disabled?: boolean }): void => change.mutate(() => call('POST /users/:name', { params: { name: account.name }, body }));
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = { name: formText(form, 'name'), password: formText(form, 'password'), roles: [formText(form, 'role') as Role] };
    change.mutate(() => call('POST /users', { body }));
  };
  return (
    <>
      <h2>Accounts</h2>
      <QueryView query={users}>
        {(rows) => (
          <div className="scroll"><table>
            <thead><tr><th>Name</th><th>Role</th><th>Since</th><th>State</th><th /></tr></thead>
            <tbody>{rows.map((u) => (
              <tr key={u.name}>
                <td>{u.name}</td>
                <td>{u.name === me?.name || u.roles.length > 1 ? u.roles.map((r) => ROLES[r].title).join(', ') : (
                  <select aria-label={`Role of ${u.name}`} value={u.roles[0]} onChange={(e) => update(u, { roles: [e.target.value as Role] })}>{ROLE_NAMES.map((r) => <option key={r} value={r}>{ROLES[r].title}</option>)}</select>
                )}</td>
                <td><Instant at={u.createdAt} /></td><td>{u.disabled ? 'disabled' : 'in use'}</td>
                <td className="right">{u.name === me?.name ? null : <button type="button" onClick={() => update(u, { disabled: !u.disabled })}>{u.disabled ? 'Enable' : 'Disable'}</button>}</td>
              </tr>
            ))}</tbody>
          </table></div>
        )}
      </QueryView>
      <div className="actions"><button type="button" aria-expanded={adding} onClick={() => setAdding(!adding)}>Add an account…</button></div>
      {adding ? (
        <form className="note-form" onSubmit={add}>
          <label>Name<input name="name" pattern="[a-z][a-z0-9._\-]{0,31}" title="lower-case letters, digits, dot, dash, underscore" autoComplete="off" required autoFocus /></label>
          <label>Password<input name="password" type="password" autoComplete="new-password" minLength={12} required /></label>
          <label>Role<select name="role" defaultValue="viewer">{ROLE_NAMES.map((r) => <option key={r} value={r}>{ROLES[r].title}</option>)}</select></label>
          <button type="submit" className="primary" disabled={change.isPending}>Add</button>
        </form>
      ) : null}
      {change.isError ? <ErrorNote error={change.error} /> : null}
    </>
  );
}
