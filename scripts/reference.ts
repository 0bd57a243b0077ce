// Writes docs/reference from the declarations that the program itself uses; `--check` only compares, so that the documentation
// cannot fall behind.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../src/base/errors.ts';
import { detectors } from '../src/detect/detectors.generated.ts';
import { z } from 'zod';
import { ATTACK_VERSION, TECHNIQUES } from '../src/detect/attack.ts';
import { TYPE_TITLES } from '../src/filter/value.ts';
import { KEPT_FIELDS, PERMISSIONS, ROLES, type Permission } from '../src/model/index.ts';
import { channels } from '../src/notify/channels.generated.ts';
import type { ChannelDefinition } from '../src/notify/define-channel.ts';
import type { Route } from '../src/api/define-route.ts';
import { routes } from '../src/api/routes.generated.ts';
import { commands } from '../src/cli/commands.generated.ts';
import { EXIT } from '../src/cli/define-command.ts';
import { allLogColumns } from '../src/pipeline/analyze-file.ts';
import { protocols } from '../src/wire/protocols.generated.ts';

const root = path.resolve(import.meta.dirname, '..');
const MARK = '<!-- Written by `node scripts/reference.ts` from the program\'s own declarations. -->\n';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

interface OptionShape { readonly description?: string; readonly default?: unknown; readonly type?: string | readonly string[]; readonly enum?: readonly unknown[] }

/** Options of a schema with their defaults and meaning, as the program's own JSON Schema has them. */
function optionTable(schema: z.ZodType, secrets: readonly string[]): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as { properties?: Record<string, OptionShape>; required?: string[] };
  return table(['option', 'default', 'meaning'], Object.entries(properties).map(([name, o]) => [
    `\`${name}\``, o.default !== undefined ? `\`${JSON.stringify(o.default)}\`` : required.includes(name) ? 'required' : '',
    [secrets.includes(name) ? '*secret*' : '', o.enum === undefined ? '' : `One of ${o.enum.map((v) => `\`${String(v)}\``).join(', ')}.`, o.description ?? ''].filter((s) => s !== '').join(' '),
  ]));
}

const readProtocols = protocols.filter((d) => d.shownAs === d.name && d.hierarchy === undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));

const pages: Record<string, string> = {
  'protocols.md': `# Protocols\n\nThe ${readProtocols.length} protocols that packets are read by, under Wireshark's names; \`fields\` counts the fields that display filters may name.\n\n${table(
    ['name', 'title', 'fields', 'after'],
    readProtocols.map((d) => [`\`${d.name}\``, d.title, String(Object.keys(d.fields).length), d.spec.join(', ')]),
  )}`,
  'logs.md': `# Logs of transactions\n\nColumns of the logs that \`wirewatch logs\` writes beside those of conn, dns, http, ssl, x509, dhcp, files and weird; time, id and endpoints stand before them.\n\n${table(
    ['log', 'columns'],
    Object.entries(allLogColumns()).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([log, columns]) => [`\`${log}\``, Object.entries(columns).map(([name, type]) => `\`${name}\` ${type}`).join(', ')]),
  )}`,
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
  'channels.md': `# Channels\n\nUnder \`channels\` in the configuration: a name, its \`type\`, and the options of the type. Options marked *secret* are given by reference (\`{ env: NAME }\`, \`{ file: PATH }\`, \`{ credential: NAME }\`). A receiver names its channels in the order in which they are tried.\n\nChannels to services on the Internet are tested against servers that enforce what the vendor documents of its requests and replay its documented errors. They were not run against the vendors themselves: send a test message (\`POST /receivers/NAME/test\`, or the console) before you rely on one.\n\n${(channels as unknown as readonly ChannelDefinition[])
    .map((c) => `## ${c.name}\n\n${c.title}.${c.perGroup === true ? ' One thing for each group of alerts: opened, kept up to date, closed with the resolve.' : ''}\n\n${optionTable(c.options, c.secrets)}`)
    .join('\n')}`,
  'api.md': `# API\n\nBelow \`/api/v1\` (where a path names no other), JSON. Instants are nanoseconds since the epoch as strings of digits. The whole description, OpenAPI 3.1, is at \`/api/v1/openapi.json\`; live events (server-sent) at \`/api/v1/events\`, metrics (OpenMetrics) at \`/metrics\`.\n\nSend an API token as \`Authorization: Bearer wwt_...\`. Over the socket in the data folder everything is allowed: its mode is 0600. An error is \`{code, message, where, remedy}\`.\n\n${table(
    ['method and path', 'permission', 'what it does', 'audit event'],
    (routes as readonly Route[]).toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1))
      .map((r) => [`\`${r.method} ${r.prefix ?? ''}${r.path}\``, r.permission, r.summary, r.audit === undefined ? '' : `\`${r.audit.action}\``]),
  )}`,
  'kept-fields.md': `# Fields that stored records keep\n\nA display filter over history names these; any other field of packets is \`WW_FILTER_NOT_KEPT\` with what is kept in its place. A stored flow is selected where one of the packets that its records remember matches: the messages of each record in their direction, and a packet of each direction that carried nothing recognised.\n\n${table(
    ['field', 'type', 'meaning'],
    KEPT_FIELDS.map((k) => [`\`${k.field.name}\``, TYPE_TITLES[k.field.type], k.field.title]),
  )}`,
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
