import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { WirewatchError } from '../base/errors.ts';
import { uuidV7 } from '../base/ids.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Permission, Role } from '../model/index.ts';
import type { Account, ApiToken, Services } from '../pipeline/services.ts';
import { accountIdentity, tokenIdentity, type Identity } from './identity.ts';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';
import { SignInLimit } from './sign-in-limit.ts';

const SESSION_MS = 12 * 3_600_000;
const SETUP_MS = 24 * 3_600_000;
const TOKEN_PREFIX = 'wwt_';

/** The part of the services in which accounts, sessions and tokens live. */
export type AuthorityStores = Pick<Services, 'accounts' | 'sessions' | 'tokens'>;

/** Who may come in: sign-in, sessions, tokens, and the link that makes the first account. */
export class Authority {
  readonly #stores: AuthorityStores;
  readonly #nowMs: () => number;
  readonly #addressLimit = new SignInLimit(10);
  /** Wider than an address's, so that one stranger cannot lock a person out. */
  readonly #nameLimit = new SignInLimit(100);
  #setup: { readonly hash: Buffer; readonly expiresMs: number } | null = null;

  constructor(stores: AuthorityStores, nowMs: () => number) {
    this.#stores = stores;
    this.#nowMs = nowMs;
  }

  now(): Nanos {
    return nanosFromMs(this.#nowMs());
  }

  /** A secret for the one-time link that makes the first account, or null where there is one. Asking again replaces it. */
  async createSetupToken(): Promise<string | null> {
    if ((await this.#stores.accounts.list()).length > 0) return null;
    const token = randomBytes(24).toString('base64url');
    this.#setup = { hash: sha256(token), expiresMs: this.#nowMs() + SETUP_MS };
    return token;
  }

  async setupNeeded(): Promise<boolean> {
    return (await this.#stores.accounts.list()).length === 0;
  }

  /** Makes the first account, a security officer, and signs it in. The link is spent. */
  async setUp(token: string, name: string, password: string): Promise<{ cookie: string; account: Account }> {
    const setup = this.#setup;
    if (setup === null || this.#nowMs() >= setup.expiresMs || !timingSafeEqual(sha256(token), setup.hash)) {
      throw new WirewatchError('WW_AUTH_CREDENTIALS', 'this set-up link is used up or has expired', {
        remedy: 'restart the program: it prints a new link as long as there is no account',
      });
    }
    const account = await this.#newAccount(name, password, ['security-officer']);
    if (!(await this.#stores.accounts.createFirst(account))) {
      throw new WirewatchError('WW_CONFLICT', 'there is an account already', { remedy: 'sign in with it' });
    }
    this.#setup = null;
    return { cookie: await this.#openSession(name), account };
  }

  /** Cookie of a new session. Throws WW_AUTH_CREDENTIALS, the same for a wrong name and a wrong password. */
  async signIn(name: string, password: string, address: string): Promise<{ cookie: string; account: Account }> {
    const wait = Math.max(this.#addressLimit.waitMs(address, this.#nowMs()), this.#nameLimit.waitMs(name, this.#nowMs()));
    if (wait > 0) {
      throw new WirewatchError('WW_AUTH_LIMIT', 'too many failed attempts', { remedy: `try again in ${Math.ceil(wait / 1000)} s` });
    }
    const account = await this.#stores.accounts.find(name);
    const right = await verifyPassword(password, account?.passwordHash);
    if (!right || account === undefined || account.disabled) {
      this.#addressLimit.failed(address, this.#nowMs());
      this.#nameLimit.failed(name, this.#nowMs());
      throw new WirewatchError('WW_AUTH_CREDENTIALS', 'name or password is wrong');
    }
    this.#addressLimit.succeeded(address);
    this.#nameLimit.succeeded(name);
    return { cookie: await this.#openSession(name), account };
  }

  async signOut(cookie: string): Promise<void> {
    await this.#stores.sessions.delete(sha256(cookie).toString('hex'));
  }

  async identityOfCookie(cookie: string): Promise<Identity | null> {
    const session = await this.#stores.sessions.find(sha256(cookie).toString('hex'));
    if (session === undefined) return null;
    if (session.expiresAt <= this.now()) {
      await this.#stores.sessions.delete(session.idHash);
      return null;
    }
    const account = await this.#stores.accounts.find(session.name);
    return account === undefined || account.disabled ? null : accountIdentity(account);
  }

  async identityOfToken(text: string): Promise<Identity | null> {
    const token = await this.#stores.tokens.findByHash(sha256(text).toString('hex'));
    if (token === undefined || (token.expiresAt !== null && token.expiresAt <= this.now())) return null;
    const account = await this.#stores.accounts.find(token.name);
    return account === undefined || account.disabled ? null : tokenIdentity(token, account);
  }

  async createAccount(name: string, password: string, roles: readonly Role[]): Promise<Account> {
    const account = await this.#newAccount(name, password, roles);
    await this.#stores.accounts.create(account);
    return account;
  }

  /** Changes what is given. A new password, other roles or disabling ends the account's sessions. */
  async updateAccount(name: string, change: { roles?: readonly Role[] | undefined; password?: string | undefined; disabled?: boolean | undefined }): Promise<Account> {
    const account = await this.#stores.accounts.find(name);
    if (account === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no account ${name}`);
    if (change.password !== undefined) checkPassword(name, change.password);
    const updated: Account = {
      ...account,
      ...(change.roles === undefined ? {} : { roles: change.roles }),
      ...(change.disabled === undefined ? {} : { disabled: change.disabled }),
      ...(change.password === undefined ? {} : { passwordHash: await hashPassword(change.password) }),
    };
    const mayManage = (a: Account): boolean => !a.disabled && accountIdentity(a).permissions.has('users.write');
    if (mayManage(account) && !mayManage(updated)) {
      const others = (await this.#stores.accounts.list()).filter((a) => a.name !== name && mayManage(a));
      if (others.length === 0) throw new WirewatchError('WW_CONFLICT', 'this is the last account that may manage accounts', { remedy: 'make another one first' });
    }
    await this.#stores.accounts.update(updated);
    await this.#stores.sessions.deleteAll(name);
    return updated;
  }

  /** A new token; its text is shown this once. */
  async createToken(title: string, name: string, permissions: readonly Permission[], expiresAt: Nanos | null): Promise<{ token: ApiToken; text: string }> {
    const text = TOKEN_PREFIX + randomBytes(32).toString('base64url');
    const token: ApiToken = {
      id: uuidV7(this.#nowMs(), randomBytes(10)),
      tokenHash: sha256(text).toString('hex'),
      title, name, permissions, createdAt: this.now(), expiresAt,
    };
    await this.#stores.tokens.put(token);
    return { token, text };
  }

  async #newAccount(name: string, password: string, roles: readonly Role[]): Promise<Account> {
    checkPassword(name, password);
    return { name, passwordHash: await hashPassword(password), roles, createdAt: this.now(), disabled: false };
  }

  async #openSession(name: string): Promise<string> {
    const cookie = randomBytes(32).toString('base64url');
    const now = this.now();
    await this.#stores.sessions.put({
      idHash: sha256(cookie).toString('hex'), name, createdAt: now, expiresAt: now + nanosFromMs(SESSION_MS),
    });
    return cookie;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
