import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { WirewatchError } from '../base/errors.ts';

/** Where a secret is; its value is read when it is needed and never kept in the configuration. */
export type SecretRef = { readonly file: string } | { readonly env: string } | { readonly credential: string };

export const secretRef = z
  .union([
    z.strictObject({ file: z.string().min(1).describe('File that holds the secret alone; mode 0600. Relative paths count from the configuration file.') }),
    z.strictObject({ env: z.string().min(1).describe('Environment variable that holds the secret.') }),
    z.strictObject({ credential: z.string().min(1).describe('Name of a systemd credential (LoadCredential=, $CREDENTIALS_DIRECTORY).') }),
  ])
  .meta({ id: 'secret', description: 'A secret is never written here: name its file, environment variable or systemd credential.' });

export function isSecretRef(value: unknown): value is SecretRef {
  if (value === null || typeof value !== 'object') return false;
  const keys = Object.keys(value);
  return keys.length === 1 && ['file', 'env', 'credential'].includes(keys[0]) && typeof Object.values(value)[0] === 'string';
}

export interface SecretSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the configuration file: relative secret files are beside it. */
  readonly baseDir: string;
}

function nameOf(ref: SecretRef): string {
  return 'file' in ref ? `file ${ref.file}` : 'env' in ref ? `environment variable ${ref.env}` : `systemd credential ${ref.credential}`;
}

/** The file that a reference names, if it names one. */
export function secretPath(ref: SecretRef, at: SecretSurroundings): string | undefined {
  if ('file' in ref) return path.resolve(at.baseDir, ref.file);
  if ('env' in ref) return undefined;
  return at.env.CREDENTIALS_DIRECTORY === undefined ? undefined : path.join(at.env.CREDENTIALS_DIRECTORY, ref.credential);
}

/**
 * The secret's value, without the line break that editors add. Throws WW_CONFIG_SECRET, whose message never has the value.
 */
export function resolveSecret(ref: SecretRef, at: SecretSurroundings): string {
  if ('env' in ref) {
    const value = at.env[ref.env];
    if (value === undefined || value === '') {
      throw new WirewatchError('WW_CONFIG_SECRET', `the ${nameOf(ref)} is not set`, { remedy: `set ${ref.env}, or use {file: ...}` });
    }
    return value;
  }
  if ('credential' in ref && !/^[A-Za-z0-9_.-]+$/.test(ref.credential)) {
    throw new WirewatchError('WW_CONFIG_SECRET', `"${ref.credential}" cannot be the name of a systemd credential`);
  }
  const file = secretPath(ref, at);
  if (file === undefined) {
    throw new WirewatchError('WW_CONFIG_SECRET', `the ${nameOf(ref)} cannot be read: $CREDENTIALS_DIRECTORY is not set`, {
      remedy: 'run under systemd with LoadCredential=, or use {file: ...}',
    });
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new WirewatchError('WW_CONFIG_SECRET', `the secret's ${nameOf(ref)} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, {
      where: file,
      remedy: 'make the file, readable by the account that runs Wirewatch alone (mode 0600)',
      cause,
    });
  }
}

/** What is wrong with a secret's place: absent, or readable by others. Undefined where nothing is. */
export function secretFinding(ref: SecretRef, at: SecretSurroundings): { readonly message: string; readonly remedy: string } | undefined {
  try {
    resolveSecret(ref, at);
  } catch (error) {
    if (error instanceof WirewatchError) return { message: error.message, remedy: error.remedy ?? '' };
    throw error;
  }
  const file = 'file' in ref ? secretPath(ref, at) : undefined;
  if (file === undefined) return undefined;
  return openFileFinding(file, 'secret');
}

/** A file that holds secrets and that others may read is a finding. */
export function openFileFinding(file: string, what: string): { readonly message: string; readonly remedy: string } | undefined {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  return { message: `the ${what} file ${file} can be read by others (mode ${mode.toString(8).padStart(4, '0')})`, remedy: `chmod 600 ${file}` };
}

/** A secret found in a configuration, with the path of its key. */
export interface FoundSecret {
  readonly path: readonly (string | number)[];
  readonly ref: SecretRef;
}

/** Every secret below a value. */
export function findSecrets(value: unknown, at: readonly (string | number)[] = []): FoundSecret[] {
  if (isSecretRef(value)) return [{ path: at, ref: value }];
  if (Array.isArray(value)) return value.flatMap((v, i) => findSecrets(v, [...at, i]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, v]) => findSecrets(v, [...at, key]));
}
