import { DatabaseSync } from 'node:sqlite';
import { WirewatchError } from '../base/errors.ts';

/** Longest wait for whoever holds it. */
const WAIT_MS = 10_000;

/**
 * Runs `work` while no other process holds `file`, which is made where it is missing and stays empty.
 *
 * The lock is SQLite's on an empty database, so the kernel gives it up with the process that held it, however that ended. Throws
 * WW_STORE_LOCKED where nobody let go in time. Not for two tasks of one process: the second would wait for itself.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(file, { timeout: WAIT_MS });
  try {
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      throw new WirewatchError('WW_STORE_LOCKED', `another process holds it for longer than ${WAIT_MS} ms`, { where: file, cause });
    }
    return await work();
  } finally {
    lock.close();
  }
}
