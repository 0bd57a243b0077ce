import { PERMISSIONS, ROLES, type Permission, type Role } from '../model/index.ts';
import type { Account, ApiToken } from '../pipeline/services.ts';

/** Who asks, and what they may. */
export interface Identity {
  /** As the audit names them: the account's name, `cli:<uid>`, `token:<title>@<name>`. */
  readonly actor: string;
  /** Account, null for the local operator. */
  readonly name: string | null;
  readonly via: 'session' | 'token' | 'socket';
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}

/** Whoever can open the socket (mode 0600) is the operator: the file system has already decided. */
export function operatorIdentity(uid: number): Identity {
  return {
    actor: `cli:${uid}`,
    name: null,
    via: 'socket',
    roles: [],
    permissions: new Set(Object.keys(PERMISSIONS) as Permission[]),
  };
}

export function accountIdentity(account: Account): Identity {
  return { actor: account.name, name: account.name, via: 'session', roles: account.roles, permissions: permissionsOf(account.roles) };
}

/** A token may what was given to it, as far as its account still may that. */
export function tokenIdentity(token: ApiToken, account: Account): Identity {
  const own = permissionsOf(account.roles);
  return {
    actor: `token:${token.title}@${account.name}`,
    name: account.name,
    via: 'token',
    roles: account.roles,
    permissions: new Set([...own].filter((p) => token.permissions.includes(p))),
  };
}

function permissionsOf(roles: readonly Role[]): Set<Permission> {
  return new Set(roles.flatMap((role) => ROLES[role].may));
}
