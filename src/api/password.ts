import { argon2 as argon2Callback, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WirewatchError } from '../base/errors.ts';

// OWASP's parameters for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_LEN = 32;
/** Each hash takes 19 MiB and a thread of the pool; more wait here, and beyond that are refused. */
const AT_ONCE = 2;
const WAITING = 32;

const argon2 = promisify(argon2Callback);
let running = 0;
const queue: (() => void)[] = [];

async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING) {
      throw new WirewatchError('WW_AUTH_LIMIT', 'too many sign-ins at once', { remedy: 'try again in a few seconds' });
    }
    await new Promise<void>((resolve) => queue.push(resolve));
  }
  running++;
  try {
    return await work();
  } finally {
    running--;
    queue.shift()?.();
  }
}

async function derive(password: string, nonce: Buffer): Promise<Buffer> {
  return await limited(() => argon2('argon2id', {
    message: Buffer.from(password.normalize('NFC'), 'utf8'), nonce, parallelism: LANES, tagLength: TAG_LEN, memory: MEMORY_KIB, passes: PASSES,
  }));
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** PHC string of argon2id (RFC 9106) with a new salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(await derive(password, salt))}`;
}

/** A hash that no password has: sign-in with an unknown name takes as long as with a known one. */
const NOBODY = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(TAG_LEN))}`;

/** True where the password is the one that was hashed. `stored` undefined (no such account) takes the same time and is false. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, , , , salt, tag] = (stored ?? NOBODY).split('$');
  const wanted = Buffer.from(tag ?? '', 'base64');
  const got = await derive(password, Buffer.from(salt ?? '', 'base64'));
  return wanted.length === got.length && timingSafeEqual(wanted, got) && stored !== undefined;
}

/** Throws WW_ARGUMENT for a password that is too short, too long, or the account's own name. */
export function checkPassword(name: string, password: string): void {
  const refuse = (message: string): never => {
    throw new WirewatchError('WW_ARGUMENT', message, { where: 'password', remedy: 'use at least 12 characters; a few words are fine' });
  };
  if (password.length < 12) refuse('the password is too short');
  if (Buffer.byteLength(password) > 1024) refuse('the password is too long');
  if (password.toLowerCase().includes(name.toLowerCase()) && password.length < name.length + 8) refuse('the password is the name with little added');
}
