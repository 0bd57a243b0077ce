// Accounts, sessions and tokens in memory, for tests of the API and the console.
import { WirewatchError } from '../../src/base/errors.ts';
import type { Account, AccountStore, ApiToken, Session, SessionStore, TokenStore } from '../../src/pipeline/services.ts';

export function memoryAccounts(): { accounts: AccountStore; sessions: SessionStore; tokens: TokenStore } {
  const accounts = new Map<string, Account>();
  const sessions = new Map<string, Session>();
  const tokens = new Map<string, ApiToken>();
  return {
    accounts: {
      list: async () => [...accounts.values()],
      find: async (name) => accounts.get(name),
      create: async (account) => {
        if (accounts.has(account.name)) throw new WirewatchError('WW_CONFLICT', `the name ${account.name} is taken`);
        accounts.set(account.name, account);
      },
      createFirst: async (account) => {
        if (accounts.size > 0) return false;
        accounts.set(account.name, account);
        return true;
      },
      update: async (account) => void accounts.set(account.name, account),
    },
    sessions: {
      find: async (idHash) => sessions.get(idHash),
      put: async (session) => void sessions.set(session.idHash, session),
      delete: async (idHash) => void sessions.delete(idHash),
      deleteAll: async (name) => {
        for (const session of sessions.values()) if (session.name === name) sessions.delete(session.idHash);
      },
    },
    tokens: {
      list: async () => [...tokens.values()],
      findByHash: async (hash) => [...tokens.values()].find((t) => t.tokenHash === hash),
      put: async (token) => void tokens.set(token.id, token),
      delete: async (id) => void tokens.delete(id),
    },
  };
}
