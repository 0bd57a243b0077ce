import { u16le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { browserFields as F, browserGroups as G } from './browser-fields.ts';
import { putAll } from './windows-values.ts';

const SIGNATURE = 0xaa55;

export const ANNOUNCEMENT = { HOST: 1, REQUEST: 2, ELECTION: 8, GET_BACKUP: 9, BACKUP_LIST: 10, BECOME_BACKUP: 11, DOMAIN: 12, MASTER: 13, RESET: 14, LOCAL_MASTER: 15 } as const;

/** Text of at most `size` bytes, up to its NUL. */
function putName(p: PacketView, f: Field, at: number, size: number): void {
  let n = 0;
  while (n < size && p.bytes[at + n] !== 0) n++;
  p.put(f, at, n);
}

/** Text that runs to its NUL or to `end`; returns where the next begins. */
function putText(p: PacketView, f: Field, at: number, end: number): number {
  let q = at;
  while (q < end && p.bytes[q] !== 0) q++;
  if (q > at || q < end) p.put(f, at, q - at);
  return Math.min(end, q + 1);
}

/** A message of the browser (MS-BRWS §2.2): the command at `at` has been put. */
export function putBrowser(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  switch (b[at]) {
    case ANNOUNCEMENT.HOST: case ANNOUNCEMENT.LOCAL_MASTER: putAnnouncement(p, at, end); break;
    case ANNOUNCEMENT.DOMAIN: putDomain(p, at, end); break;
    case ANNOUNCEMENT.REQUEST:
      if (end - at < 2) return;
      p.put(F.unused, at + 1, 1);
      putText(p, F.responseComputerName, at + 2, end);
      break;
    case ANNOUNCEMENT.ELECTION:
      if (end - at < 14) return;
      p.put(F.electionVersion, at + 1, 1);
      p.put(F.electionCriteria, at + 2, 4);
      putAll(p, G.electionDesire, at + 2, 1);
      putAll(p, G.electionOs, at + 5, 1);
      p.put(F.protoMajor, at + 3, 1);
      p.put(F.protoMinor, at + 4, 1);
      p.put(F.uptime, at + 6, 4);
      putText(p, F.server, at + 14, end);
      break;
    case ANNOUNCEMENT.GET_BACKUP:
      if (end - at < 6) return;
      p.put(F.backupCount, at + 1, 1);
      p.put(F.backupToken, at + 2, 4);
      break;
    case ANNOUNCEMENT.BACKUP_LIST: {
      if (end - at < 6) return;
      p.put(F.backupCount, at + 1, 1);
      p.put(F.backupToken, at + 2, 4);
      let q = at + 6;
      for (let i = 0; i < b[at + 1] && q < end; i++) q = putText(p, F.backupServer, q, end);
      break;
    }
    case ANNOUNCEMENT.BECOME_BACKUP: putText(p, F.browserToPromote, at + 1, end); break;
    case ANNOUNCEMENT.MASTER: putText(p, F.mbServer, at + 1, end); break;
    case ANNOUNCEMENT.RESET: if (end > at + 1) putAll(p, G.resetCmd, at + 1, 1); break;
  }
}

function putAnnouncement(p: PacketView, at: number, end: number): void {
  if (end - at < 32) return;
  p.put(F.updateCount, at + 1, 1);
  p.put(F.period, at + 2, 4);
  putName(p, F.server, at + 6, 16);
  putVersions(p, at);
  putAll(p, G.serverType, at + 24, 4);
  p.put(F.protoMajor, at + 28, 1);
  p.put(F.protoMinor, at + 29, 1);
  p.put(F.sig, at + 30, 2);
  putText(p, F.comment, at + 32, end);
}

/** The version of Windows follows from both numbers; Wireshark names it as a text of its own. */
function putVersions(p: PacketView, at: number): void {
  const b = p.bytes;
  const name = VERSIONS[b[at + 22] * 256 + b[at + 23]];
  if (name !== undefined && p.wants(F.windowsVersion)) p.putText(F.windowsVersion, at + 22, 2, name);
  p.put(F.osMajor, at + 22, 1);
  p.put(F.osMinor, at + 23, 1);
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0400: 'Windows NT 4', 0x0500: 'Windows 2000', 0x0501: 'Windows XP', 0x0502: 'Windows Server 2003 R2 or Windows Server 2003', 0x0600: 'Windows Vista or Server 2008',
  0x0601: 'Windows 7 or Windows Server 2008 R2', 0x0602: 'Windows 8 or Windows Server 2012', 0x0603: 'Windows 8.1 or Windows Server 2012 R2',
};

function putDomain(p: PacketView, at: number, end: number): void {
  if (end - at < 32) return;
  p.put(F.updateCount, at + 1, 1);
  p.put(F.period, at + 2, 4);
  putName(p, F.server, at + 6, 16);
  putVersions(p, at);
  putAll(p, G.serverType, at + 24, 4);
  if (u16le(p.bytes, at + 30) === SIGNATURE) {
    p.put(F.protoMajor, at + 28, 1);
    p.put(F.protoMinor, at + 29, 1);
    p.put(F.sig, at + 30, 2);
  } else p.put(F.mysteriousField, at + 28, 4);
  putText(p, F.mbServer, at + 32, end);
}
