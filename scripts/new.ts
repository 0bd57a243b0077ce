// `npm run new -- KIND NAME`: copies the smallest real thing of that kind, with its test, under a new name, and regenerates the
// manifests. What it copies compiles and is tested; what remains is to change what it does.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Extension kinds by the word that people use, with their folder and, where the smallest is not the plainest, the template. */
const KINDS: Readonly<Record<string, { folder: string; template?: string }>> = {
  dissector: { folder: 'wire/protocols', template: 'udp.ts' },
  probe: { folder: 'probe/types', template: 'tcp.ts' },
  detector: { folder: 'detect/detectors' },
  channel: { folder: 'notify/channels', template: 'slack.ts' },
  action: { folder: 'respond/actions' },
  route: { folder: 'api/routes' },
  command: { folder: 'cli/commands' },
  check: { folder: 'doctor/checks' },
  scenario: { folder: 'drill/scenarios' },
};

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function isThing(file: string): boolean {
  return /\.tsx?$/.test(file) && !/\.(test|generated)\.tsx?$/.test(file);
}

const camel = (kebab: string): string => kebab.replaceAll(/-(\w)/g, (_, c: string) => c.toUpperCase());
const pascal = (kebab: string): string => camel(`-${kebab}`);

const [kind, name] = process.argv.slice(2);
if (kind === undefined || name === undefined) fail(`usage: npm run new -- KIND NAME\nkinds: ${Object.keys(KINDS).join(', ')}`);
const known = KINDS[kind];
if (known === undefined) fail(`no kind "${kind}"; kinds: ${Object.keys(KINDS).join(', ')}`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) fail(`"${name}" is not a kebab-case name`);

const dir = path.join(root, 'src', known.folder);
const target = path.join(dir, `${name}.ts`);
if (existsSync(target)) fail(`src/${known.folder}/${name}.ts exists`);
const things = readdirSync(dir).filter(isThing).sort((a, b) => statSync(path.join(dir, a)).size - statSync(path.join(dir, b)).size || (a < b ? -1 : 1));
const template = known.template !== undefined && things.includes(known.template) ? known.template : things[0];
if (template === undefined) fail(`src/${known.folder} holds nothing to copy`);
const old = template.replace(/\.ts$/, '');

/** Renames the thing in its own text: file names, identifiers, its quoted name. Field names of a protocol follow its name. */
function renamed(text: string): string {
  return text
    .replaceAll(new RegExp(`(['"./])${old}(?=['".])`, 'g'), `$1${name}`)
    .replaceAll(new RegExp(`\\b${camel(old)}\\b(?!-)`, 'g'), camel(name))
    .replaceAll(new RegExp(`\\b${pascal(old)}`, 'g'), pascal(name));
}

writeFileSync(target, renamed(readFileSync(path.join(dir, template), 'utf8')));
process.stdout.write(`src/${known.folder}/${name}.ts  (from ${template})\n`);
const testFile = path.join(dir, `${old}.test.ts`);
if (existsSync(testFile)) {
  writeFileSync(path.join(dir, `${name}.test.ts`), renamed(readFileSync(testFile, 'utf8')));
  process.stdout.write(`src/${known.folder}/${name}.test.ts\n`);
}
const gen = spawnSync(process.execPath, [path.join(root, 'scripts/gen.ts')], { cwd: root, encoding: 'utf8' });
process.stdout.write(gen.stdout);
if (gen.status !== 0) fail(gen.stderr);
