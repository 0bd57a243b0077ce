import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';

/** Start time of a process in clock ticks (proc(5), field 22 of stat): with it a number that was given anew is not mistaken. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The process that holds a data folder, or undefined where none does. */
export function lockHolder(dataDir: string): number | undefined {
  try {
    const [pid, start] = readFileSync(path.join(dataDir, 'wirewatch.pid'), 'utf8').trim().split(' ');
    return startOf(Number(pid)) === start ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the data folder for this process; what a dead process left is taken over. Throws WW_RUNNING. Returns how to give it back. */
export function lockDataDir(dataDir: string): () => void {
  const file = path.join(dataDir, 'wirewatch.pid');
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o644);
      writeSync(handle, `${process.pid} ${startOf(process.pid) ?? ''}\n`);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = lockHolder(dataDir);
      if (holder !== undefined || attempt > 3) {
        throw new WirewatchError('WW_RUNNING', `process ${holder ?? '?'} runs on this data folder`, { where: dataDir, remedy: 'stop it, or name another folder with --data' });
      }
      rmSync(file, { force: true });
    }
  }
}
