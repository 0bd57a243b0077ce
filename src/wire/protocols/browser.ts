import { browserFields as F } from '../codecs/browser-fields.ts';
import { putBrowser } from '../codecs/browser-put.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const COMMANDS = {
  1: 'Host Announcement', 2: 'Request Announcement', 8: 'Browser Election Request', 9: 'Get Backup List Request', 10: 'Get Backup List Response',
  11: 'Become Backup Browser', 12: 'Domain/Workgroup Announcement', 13: 'Master Announcement', 14: 'Reset Browser State Announcement', 15: 'Local Master Announcement',
} as const;

/** The Windows browser: who offers what in the neighbourhood, and who keeps the list. */
export const browser = defineDissector({
  name: 'browser',
  title: 'Microsoft Windows Browser Protocol',
  spec: ['MS-BRWS §2.2'],
  over: {},
  short: 'BROWSER',
  column: 'BROWSER',
  fields: F,
  dissect(p, at, end) {
    if (end <= at || !(p.bytes[at] in COMMANDS)) return DECLINE;
    p.put(F.command, at, 1);
    putBrowser(p, at, end);
    return DONE;
  },
  info: (row) => `${COMMANDS[row.num(F.command) as keyof typeof COMMANDS] ?? 'Unknown'} ${row.text(F.server)}`,
});
export default browser;
