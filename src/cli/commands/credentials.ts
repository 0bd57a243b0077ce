import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatIp } from '../../base/ip.ts';
import { plural } from '../../base/text.ts';
import { nanosFromMs } from '../../base/time.ts';
import type { CredentialSighting } from '../../flow/flow-sessions.ts';
import { analyzeFile } from '../../pipeline/analyze-file.ts';
import { openStateStore } from '../../store/adapters/sqlite.ts';
import { MASKED_SECRET } from '../../wire/codecs/masked-secret.ts';
import { telnetSession } from '../../wire/codecs/telnet-session.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

/** Different credentials that are listed; beyond, they are only counted. */
const MAX_LISTED = 10_000;
/** Characters of a name or secret that are shown. */
const MAX_SHOWN = 256;

interface Found {
  readonly first: CredentialSighting;
  times: number;
}

/** Writes into the audit chain that secrets are shown, before they are. True where there is a chain to write into. */
function recordReveal(ctx: CommandContext, file: string, dataset: string, count: number): boolean {
  const store = path.join(ctx.dataDir, 'state.db');
  if (!existsSync(store) && ctx.dataIsGiven !== true) return false;
  const state = openStateStore({ file: store });
  try {
    state.appendAudit({ time: nanosFromMs(Date.now()), actor: `cli:${process.getuid?.() ?? 0}`, action: 'credentials.reveal', object: `capture:${dataset}`, details: { file, credentials: String(count) } });
  } finally {
    state.close();
  }
  return true;
}

/** Text of a capture for the terminal: no control characters. */
function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.slice(0, MAX_SHOWN).replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '.');
}

export const credentials = defineCommand({
  name: 'credentials',
  summary: 'list the names and passwords that crossed in clear text: FTP, POP, IMAP, SMTP, HTTP Basic, Telnet, LDAP, SNMP communities',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd')
      .option('--reveal', "show the secrets instead of masking them; that this was done is recorded in the data folder's audit chain, where there is one");
  },
  async run(ctx, [file], options) {
    const reveal = options.reveal === true;
    const found = new Map<string, Found>();
    let unlisted = 0;
    const analysis = await analyzeFile(path.resolve(ctx.cwd, file), { flow: () => {}, record: () => {} }, {
      signal: ctx.signal,
      communityIds: false,
      moreSessions: [telnetSession],
      credential(sighting) {
        const { protocol, method, user, secret, srcIp, dstIp, dstPort } = sighting;
        const key = JSON.stringify([protocol, method, user, secret, srcIp, dstIp, dstPort]);
        const known = found.get(key);
        if (known !== undefined) known.times++;
        else if (found.size < MAX_LISTED) found.set(key, { first: sighting, times: 1 });
        else unlisted++;
      },
    });
    if (reveal && found.size > 0 && !recordReveal(ctx, file, analysis.dataset, found.size)) {
      ctx.terminal.err(`revealed without a record: there is no audit chain in ${ctx.dataDir} (name a data folder with --data)\n`);
    }
    for (const { first, times } of found.values()) {
      const { protocol, method, user, frame } = first;
      const secret = reveal ? first.secret.slice(0, MAX_SHOWN) : MASKED_SECRET;
      const client = formatIp(first.srcIp);
      const server = formatIp(first.dstIp);
      if (ctx.json) ctx.terminal.out(`${JSON.stringify({ protocol, method, user, secret, client, server, port: first.dstPort, frame, time: String(first.time), times })}\n`);
      else ctx.terminal.out(`${protocol}  ${method}  ${user === null ? '-' : shown(user)}  ${shown(secret)}  ${client} to ${server} port ${first.dstPort}  frame ${frame}${times > 1 ? `, ${times} times` : ''}\n`);
    }
    if (!ctx.json) ctx.terminal.err(`${plural(found.size, 'credential')} in clear text${unlisted > 0 ? `; ${plural(unlisted, 'sighting')} beyond the first ${MAX_LISTED} not listed` : ''}\n`);
    if (analysis.damage !== undefined) {
      ctx.terminal.err(`${file}: ${analysis.damage.message}${analysis.damage.where === undefined ? '' : ` (${analysis.damage.where})`}\n`);
      return EXIT.input;
    }
    return found.size > 0 ? EXIT.ok : EXIT.negative;
  },
});
export default credentials;
