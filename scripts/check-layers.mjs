// Enforces layers.mjs with dependency-cruiser, type imports counted. Exits 1 with the violations, 2 if the tool saw too little.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = process.argv[2] ?? root;

export function cruise(dir) {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: dir });
  const run = spawnSync(process.execPath, [path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'), 'src',
    '--config', path.join(root, 'scripts/dependency-rules.cjs'), '--output-type', 'json'], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.stdout === '') return { files: files.length, modules: 0, violations: [], error: run.stderr };
  const report = JSON.parse(run.stdout);
  const modules = report.modules.filter((m) => m.source.startsWith('src/')).length;
  return { files: files.length, modules, violations: report.summary.violations, error: '' };
}

if (process.argv[1] === import.meta.filename) {
  const { files, modules, violations, error } = cruise(folder);
  for (const v of violations) {
    process.stderr.write(`${v.rule.name}: ${v.from} -> ${v.to}${v.cycle ? ` (${v.cycle.map((c) => c.name ?? c).join(' -> ')})` : ''}\n`);
  }
  if (modules < files) {
    process.stderr.write(`dependency-cruiser saw ${modules} of ${files} modules: it cannot be trusted${error ? `\n${error}` : ''}\n`);
    process.exit(2);
  }
  process.stdout.write(`layers: ${modules} modules, ${violations.length} violations\n`);
  process.exit(violations.length > 0 ? 1 : 0);
}
