import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = /^(wirewatch-drill-(\d+)-[a-z0-9]+)\b/;

/** Takes down the networks and folders of drills that were killed before they could do it themselves. Returns the names of their hosts. */
export function removeStaleLabs(): string[] {
  const listed = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout ?? '';
  const stale = listed.split('\n').map((line) => NAME.exec(line)).filter((m) => m !== null && !existsSync(`/proc/${m[2]}`)).map((m) => ({ name: m![1], drill: `wirewatch-drill-${m![2]}-` }));
  for (const { name } of stale) {
    // What still runs there was started by that drill: nothing else knows the namespace.
    for (const pid of (spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout ?? '').split('\n').map(Number).filter((n) => n > 1)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    spawnSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
  }
  const drills = new Set(stale.map((s) => s.drill));
  for (const folder of readdirSync(os.tmpdir())) {
    if ([...drills].some((drill) => folder.startsWith(drill))) rmSync(path.join(os.tmpdir(), folder), { recursive: true, force: true });
  }
  return stale.map((s) => s.name);
}
