// Type checks the three environments (pure, Node, browser) with TypeScript 7, called by path: `.bin/tsc` is version 6, which
// dependency-cruiser needs.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const projects = process.argv.length > 2 ? process.argv.slice(2) : ['pure', 'node', 'console'];
let failed = false;
for (const project of projects) {
  const run = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript-7/bin/tsc'), '-p', path.join(root, `tsconfig.${project}.json`)], { stdio: 'inherit' });
  if (run.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
