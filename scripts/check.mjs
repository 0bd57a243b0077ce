// `npm run check`: everything that a machine can guard without running the program. Each step prints its time.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const local = (bin) => path.join(root, 'node_modules', bin);
const node = process.execPath;
const steps = [
  ['manifests', [node, 'scripts/gen.ts', '--check']],
  ['references', [node, 'scripts/reference.ts', '--check']],
  ['types', [node, 'scripts/typecheck.mjs']],
  ['layers', [node, 'scripts/check-layers.mjs']],
  ['lint', [node, local('oxlint/bin/oxlint'), '--type-aware']],
  ['sizes', [node, 'scripts/check-sizes.mjs']],
  ['unused', [node, local('knip/bin/knip.js'), '--no-progress']],
];
let failed = 0;
for (const [name, [command, ...args]] of steps) {
  const started = process.hrtime.bigint();
  const run = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(`check ${name}: ${run.status === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)\n`);
  if (run.status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
