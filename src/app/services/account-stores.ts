import { WirewatchError } from '../../base/errors.ts';
import type { Account, AccountStore, ApiToken, Session, SessionStore, TokenStore } from '../../pipeline/services.ts';
import type { StateStore } from '../../store/state-store.ts';

const MANY = 100_000;

/** Accounts in the state store. Names are compared without case: two people who differ in case alone are one too many. */
export function accountStore(store: StateStore): AccountStore {
  const idOf = (name: string): string => name.toLowerCase();
  const put = (account: Account): void => store.put({ kind: 'user', id: idOf(account.name), parent: '', time: account.createdAt, state: account.disabled ? 'disabled' : 'active', body: account });
  return {
    list: async () => store.find<Account>({ kind: 'user', order: 'asc', limit: MANY }).map((d) => d.body),
    find: async (name) => store.get<Account>('user', idOf(name))?.body,
    async create(account) {
      store.transaction('full', () => {
        if (store.get('user', idOf(account.name)) !== undefined) throw new WirewatchError('WW_CONFLICT', `there is an account ${account.name} already`);
        put(account);
      });
    },
    async createFirst(account) {
      return store.transaction('full', () => {
        if (store.count('user') > 0) return false;
        put(account);
        return true;
      });
    },
    async update(account) {
      store.transaction('full', () => {
        if (store.get('user', idOf(account.name)) === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no account ${account.name}`);
        put(account);
        if (account.disabled) endSessions(store, account.name);
      });
    },
  };
}

function endSessions(store: StateStore, name: string): void {
  for (const session of store.find<Session>({ kind: 'session', parent: name.toLowerCase(), limit: MANY })) store.delete('session', session.id);
}

export function sessionStore(store: StateStore): SessionStore {
  return {
    find: async (idHash) => store.get<Session>('session', idHash)?.body,
    async put(session) {
      // `time` is the end: expired sessions are swept by it.
      store.put({ kind: 'session', id: session.idHash, parent: session.name.toLowerCase(), time: session.expiresAt, state: '', body: session });
    },
    delete: async (idHash) => store.delete('session', idHash),
    deleteAll: async (name) => store.transaction('full', () => endSessions(store, name)),
  };
}

export function tokenStore(store: StateStore): TokenStore {
  return {
    list: async () => store.find<ApiToken>({ kind: 'token', limit: MANY }).map((d) => d.body),
    findByHash: async (tokenHash) => store.find<ApiToken>({ kind: 'token', state: tokenHash, limit: 1 })[0]?.body,
    async put(token) {
      store.transaction('full', () => store.put({ kind: 'token', id: token.id, parent: token.name.toLowerCase(), time: token.createdAt, state: token.tokenHash, body: token }));
    },
    delete: async (id) => store.transaction('full', () => store.delete('token', id)),
  };
}
