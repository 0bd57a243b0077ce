// `npm run gen`: writes the manifests of the extension folders, so that adding a thing is adding a file. `--check` only compares.
// A manifest lists every file of its folder in alphabetical order; each file default-exports its definition.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXTENSION_FOLDERS } from '../layers.mjs';

const root = path.resolve(import.meta.dirname, '..');
const HEADER = '// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.\n';

/** Files of an extension folder that are things: no tests, no stylesheets. */
export function extensionFiles(folder: string): string[] {
  const dir = path.join(root, 'src', folder);
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((f) => /\.tsx?$/.test(f) && !/\.(test|generated)\.tsx?$/.test(f)).sort();
}

function camel(file: string): string {
  const words = file.replace(/\.tsx?$/, '').split('-');
  const name = words[0] + words.slice(1).map((w) => w[0].toUpperCase() + w.slice(1)).join('');
  return /^(delete|new|case|import|export|default|null|void|with|in|do)$|^\d/.test(name) ? `${name.replace(/^\d/, (d) => `n${d}`)}_` : name;
}

/** Imports every thing of the folder and exports them as one list. */
function eagerManifest(folder: string, files: readonly string[]): string {
  const base = path.basename(folder);
  const names = files.map(camel);
  const lines = files.map((f, i) => `import ${names[i]} from './${base}/${f}';`);
  return `${HEADER}${lines.join('\n')}${lines.length > 0 ? '\n\n' : ''}export const ${camel(base)} = [\n${names.map((n) => `  ${n},\n`).join('')}];\n`;
}

/** Commands are loaded when they are called: a manifest of names and summaries keeps `wirewatch read` from loading a web server. */
async function lazyCommands(folder: string, files: readonly string[]): Promise<string> {
  const rows: string[] = [];
  for (const file of files) {
    const definition = (await import(pathToFileURL(path.join(root, 'src', folder, file)).href)).default as { name: string; summary: string } | undefined;
    if (definition?.name === undefined) throw new Error(`src/${folder}/${file} must default-export its command`);
    rows.push(`  { name: ${JSON.stringify(definition.name)}, summary: ${JSON.stringify(definition.summary)}, load: () => import('./commands/${file}').then((m) => m.default) },\n`);
  }
  return `${HEADER}import type { CommandDefinition } from './define-command.ts';\n\nexport interface CommandEntry {\n  readonly name: string;\n  readonly summary: string;\n  load(): Promise<CommandDefinition>;\n}\n\nexport const commands: readonly CommandEntry[] = [\n${rows.join('')}];\n`;
}

const check = process.argv.includes('--check');
let stale = 0;
for (const folder of EXTENSION_FOLDERS) {
  const files = extensionFiles(folder);
  if (files.length === 0) continue;
  for (const file of files) {
    if (!/^export default |^export \{[^}]*\bas default\b/m.test(readFileSync(path.join(root, 'src', folder, file), 'utf8'))) {
      throw new Error(`src/${folder}/${file} has no default export: every file of an extension folder exports its definition as default`);
    }
  }
  const text = folder === 'cli/commands' ? await lazyCommands(folder, files) : eagerManifest(folder, files);
  const target = path.join(root, 'src', `${folder}.generated.ts`);
  const now = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (now === text) continue;
  if (check) {
    process.stderr.write(`stale: src/${folder}.generated.ts (run: npm run gen)\n`);
    stale++;
  } else {
    writeFileSync(target, text);
    process.stdout.write(`wrote src/${folder}.generated.ts (${files.length})\n`);
  }
}
process.exit(stale > 0 ? 1 : 0);
