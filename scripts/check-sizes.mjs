// Files that one can read in a sitting: warns at 400 lines, fails at 700. Generated files and tables of numbers are apart.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const WARN = 400;
const FAIL = 700;
let failed = 0;
for (const file of globSync('{src,test,bench,fuzz,scripts}/**/*.{ts,tsx,mjs}', { cwd: root }).sort()) {
  if (file.includes('.generated.') || file.endsWith('.table.ts')) continue;
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n').length;
  if (lines > FAIL) failed++;
  if (lines > WARN) process.stdout.write(`${lines > FAIL ? 'too long' : 'long'}: ${file} (${lines} lines)\n`);
}
process.exit(failed > 0 ? 1 : 0);
