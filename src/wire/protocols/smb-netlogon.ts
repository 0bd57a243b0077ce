import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { utf16Text } from '../codecs/windows-values.ts';

const COMMANDS = {
  0: 'LM1.0/LM2.0 LOGON Request', 2: 'LM2.0 Query - Centralized Initialization', 6: 'LM1.0/LM2.0 LOGON Response', 7: 'Query for PDC', 10: 'Announce Change to UAS or SAM',
  12: 'Response to Query for PDC', 18: 'SAM LOGON request from client', 19: 'SAM Response to SAM LOGON request', 21: 'SAM Response - user unknown',
  23: 'SAM Response EX', 25: 'SAM Response EX - user unknown',
} as const;
const QUERY_PDC = 7;
const PDC_ANSWER = 12;
const SAM_LOGON = 18;

const F = defineFields({
  command: { name: 'smb_netlogon.command', ...put('u8', 'Command', { base: 'hex', values: COMMANDS }) },
  requestCount: { name: 'smb_netlogon.request_count', ...put('u16', 'Request Count', { little: true }) },
  computer: { name: 'smb_netlogon.computer_name', ...put('string', 'Computer Name') },
  unicodeComputer: { name: 'smb_netlogon.unicode_computer_name', ...put('string', 'Unicode Computer Name') },
  mailslot: { name: 'smb_netlogon.mailslot_name', ...put('string', 'Mailslot Name') },
  user: { name: 'smb_netlogon.user_name', ...put('string', 'User Name') },
  pdc: { name: 'smb_netlogon.pdc_name', ...put('string', 'PDC Name') },
  unicodePdc: { name: 'smb_netlogon.unicode_pdc_name', ...put('string', 'Unicode PDC Name') },
  domain: { name: 'smb_netlogon.domain_name', ...put('string', 'Domain Name') },
  ntVersion: { name: 'smb_netlogon.nt_version', ...put('u32', 'NT Version', { little: true }) },
  lmntToken: { name: 'smb_netlogon.lmnt_token', ...put('u16', 'LMNT Token', { base: 'hex', little: true }) },
  lmToken: { name: 'smb_netlogon.lm_token', ...put('u16', 'LM Token', { base: 'hex', little: true }) },
});

/** Searches for a domain controller by mailslot, and their answers. */
export const smbNetlogon = defineDissector({
  name: 'smb_netlogon',
  title: 'Microsoft Windows Logon Protocol (Old)',
  spec: ['MS-ADTS §6.3.5', 'MS-NRPC'],
  over: {},
  short: 'SMB_NETLOGON',
  column: 'SMB_NETLOGON',
  fields: F,
  dissect(p, at, end) {
    if (end <= at) return DONE;
    p.put(F.command, at, 1);
    const command = p.bytes[at];
    let q = at + 2;
    if (command === QUERY_PDC) {
      q = putText(p, F.computer, q, end);
      q = putText(p, F.mailslot, q, end);
      q = putWide(p, F.unicodeComputer, q + ((q - at) & 1), end);
      putTail(p, q, end);
    } else if (command === PDC_ANSWER) {
      q = putText(p, F.pdc, q, end);
      q = putWide(p, F.unicodePdc, q + ((q - at) & 1), end);
      q = putWide(p, F.domain, q, end);
      putTail(p, q, end);
    } else if (command === SAM_LOGON && q + 2 <= end) {
      p.put(F.requestCount, q, 2);
      q = putWide(p, F.unicodeComputer, q + 2, end);
      q = putWide(p, F.user, q, end);
      putText(p, F.mailslot, q, end);
      putTail(p, end - 8, end);
    }
    return DONE;
  },
  info: (row) => COMMANDS[row.num(F.command) as keyof typeof COMMANDS] ?? 'Unknown command',
});

function putText(p: PacketView, f: Field, at: number, end: number): number {
  let q = at;
  while (q < end && p.bytes[q] !== 0) q++;
  if (at < end) p.put(f, at, q - at);
  return Math.min(end, q + 1);
}

function putWide(p: PacketView, f: Field, at: number, end: number): number {
  const b = p.bytes;
  let q = at;
  while (q + 1 < end && (b[q] !== 0 || b[q + 1] !== 0)) q += 2;
  if (at < end && p.wants(f)) p.putText(f, at, q - at, utf16Text(b, at, q));
  return Math.min(end, q + 2);
}

function putTail(p: PacketView, at: number, end: number): void {
  if (at < 0 || at + 8 > end) return;
  p.put(F.ntVersion, at, 4);
  p.put(F.lmntToken, at + 4, 2);
  p.put(F.lmToken, at + 6, 2);
}
export default smbNetlogon;
