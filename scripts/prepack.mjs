// Runs before `npm pack`: emits the JavaScript that an installed package runs, and builds the console.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (...args) => {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) process.exit(result.status ?? 1);
};

rmSync(path.join(root, 'dist/node'), { recursive: true, force: true });
run('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.build.json');
// Files that the program reads at run time beside its code.
for (const file of globSync('src/**/*.{json,sql,html,css}', { cwd: root }).filter((f) => !f.startsWith('src/console/'))) {
  mkdirSync(path.dirname(path.join(root, 'dist/node', file)), { recursive: true });
  cpSync(path.join(root, file), path.join(root, 'dist/node', file));
}
const config = ['src/console/vite.config.ts', 'vite.config.ts'].find((f) => existsSync(path.join(root, f)));
if (config !== undefined) run('node_modules/vite/bin/vite.js', 'build', '--config', config, '--logLevel', 'warn');
