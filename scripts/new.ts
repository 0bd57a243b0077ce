// `npm run new -- KIND NAME`: copies the smallest real thing of that kind, with its test, under a new name, and regenerates the
// manifests. What it copies compiles and is tested; what remains is to change what it does.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');

/** Extension kinds by the word that people use, with their folder and, where the smallest is not the plainest, the template. */
const KINDS: Readonly<Record<string, { folder: string; template?: string }>> = {
  dissector: { folder: 'wire/protocols', template: 'vxlan.ts' },
  probe: { folder: 'probe/types', template: 'icmp.ts' },
  detector: { folder: 'detect/detectors' },
  channel: { folder: 'notify/channels', template: 'slack.ts' },
  action: { folder: 'respond/actions' },
  route: { folder: 'api/routes', template: 'health.ts' },
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

const oldText = readFileSync(path.join(dir, template), 'utf8');
const oldConst = /^export default (\w+);/m.exec(oldText)?.[1];
if (oldConst === undefined) fail(`src/${known.folder}/${template} has no line "export default NAME;"`);
/** The thing's name in its definition, which is not always the file's (a probe `http` may stand in `http-get.ts`). */
const oldName = new RegExp(`^export const ${oldConst} = define[\\s\\S]*?^  name: '([^']+)'`, 'm').exec(oldText)?.[1] ?? old;

/** What a node of the syntax tree becomes; undefined where it stays. */
function replacement(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && node.text === oldConst) {
    const { parent } = node;
    const isProperty = (ts.isPropertyAccessExpression(parent) && parent.name === node) || ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node);
    if (isProperty) return undefined;
    return ts.isShorthandPropertyAssignment(parent) ? `${node.text}: ${camel(name)}` : camel(name);
  }
  if (!ts.isStringLiteralLike(node)) return undefined;
  const quoted = (text: string): string => `'${text}'`;
  if (node.text === `./${template}`) return quoted(`./${name}.ts`);
  if (ts.isImportDeclaration(node.parent)) return undefined;
  const key = ts.isPropertyAssignment(node.parent) && ts.isIdentifier(node.parent.name) ? node.parent.name.text : '';
  if (kind === 'route') return key === 'path' ? quoted(node.text.replace(/^\/[^/]+/, `/${name}`)) : undefined;
  if (node.text === oldName) return quoted(name);
  // The fields of a protocol follow its name.
  if (kind === 'dissector' && node.text.startsWith(`${oldName}.`)) return quoted(name + node.text.slice(oldName.length));
  return undefined;
}

/** The text under the thing's new name: its const, its name, its file in imports, its path; every other word stays. */
function renamed(text: string): string {
  const edits: { start: number; end: number; text: string }[] = [];
  const source = ts.createSourceFile(template, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const replaced = replacement(node);
    if (replaced !== undefined) edits.push({ start: node.getStart(source), end: node.getEnd(), text: replaced });
    else ts.forEachChild(node, visit);
  };
  visit(source);
  let out = text;
  for (const edit of edits.reverse()) out = out.slice(0, edit.start) + edit.text + out.slice(edit.end);
  return out;
}

writeFileSync(target, renamed(oldText));
process.stdout.write(`src/${known.folder}/${name}.ts  (from ${template})\n`);
const testFile = path.join(dir, `${old}.test.ts`);
if (existsSync(testFile)) {
  writeFileSync(path.join(dir, `${name}.test.ts`), renamed(readFileSync(testFile, 'utf8')));
  process.stdout.write(`src/${known.folder}/${name}.test.ts\n`);
}
const gen = spawnSync(process.execPath, [path.join(root, 'scripts/gen.ts')], { cwd: root, encoding: 'utf8' });
process.stdout.write(gen.stdout);
if (gen.status !== 0) fail(gen.stderr);
