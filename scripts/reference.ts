// Writes docs/reference from the declarations that the program itself uses; `--check` only compares, so that the documentation
// cannot fall behind.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../src/base/errors.ts';
import { detectors } from '../src/detect/detectors.generated.ts';
import { ATTACK_VERSION, TECHNIQUES } from '../src/detect/attack.ts';
import { PERMISSIONS, ROLES, type Permission } from '../src/model/index.ts';
import { commands } from '../src/cli/commands.generated.ts';
import { EXIT } from '../src/cli/define-command.ts';

const root = path.resolve(import.meta.dirname, '..');
const MARK = '<!-- Written by `node scripts/reference.ts` from the program\'s own declarations. -->\n';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

const pages: Record<string, string> = {
  'errors.md': `# Error codes\n\nEvery error that a person can mend carries one of these.\n\n${table(['code', 'meaning'], Object.entries(ERROR_CODES).map(([c, m]) => [`\`${c}\``, m]))}`,
  'roles.md': `# Roles and permissions\n\nEach route, command and page names the permission that it needs.\n\n${table(
    ['permission', 'allows', ...Object.values(ROLES).map((r) => r.title)],
    (Object.keys(PERMISSIONS) as Permission[]).map((p) => [`\`${p}\``, PERMISSIONS[p], ...Object.values(ROLES).map((r) => (r.may.includes(p) ? 'yes' : ''))]),
  )}`,
  'detectors.md': `# Detectors\n\nTechniques are those of MITRE ATT&CK version ${ATTACK_VERSION}.\n\n${detectors
    .map((d) => {
      const help = d.optionHelp as Readonly<Record<string, string>>;
      const defaults = d.defaults as unknown as Readonly<Record<string, unknown>>;
      const techniques = d.techniques.map((t) => `${t} ${TECHNIQUES[t]?.name ?? '?'}`).join(', ');
      return `## ${d.name}\n\n${d.title}. ${techniques}.\n\n${table(['option', 'default', 'meaning'], Object.keys(defaults).map((k) => [`\`${k}\``, String(defaults[k]), help[k] ?? '']))}`;
    })
    .join('\n')}`,
  'commands.md': `# Commands\n\n\`wirewatch COMMAND --help\` shows arguments and options. Every command takes \`--json\`.\n\n${table(
    ['command', 'what it does'],
    commands.map((c) => [`\`${c.name}\``, c.summary]),
  )}\n## Exit codes\n\n${table(['name', 'code'], Object.entries(EXIT).map(([n, c]) => [n, String(c)]))}`,
};

let stale = 0;
mkdirSync(path.join(root, 'docs/reference'), { recursive: true });
for (const [name, body] of Object.entries(pages)) {
  const file = path.join(root, 'docs/reference', name);
  const text = `${MARK}${body}`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`stale: docs/reference/${name} (run: node scripts/reference.ts)\n`);
    stale++;
  } else {
    writeFileSync(file, text);
    process.stdout.write(`wrote docs/reference/${name}\n`);
  }
}
process.exit(stale > 0 ? 1 : 0);
