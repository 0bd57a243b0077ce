import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const SPACE = 0x20;
/** `Oct 21 06:55:08` (RFC 3164 §4.1.2). */
const STAMP_LEN = 15;

const LEVELS = { 0: 'EMERG', 1: 'ALERT', 2: 'CRIT', 3: 'ERR', 4: 'WARNING', 5: 'NOTICE', 6: 'INFO', 7: 'DEBUG' } as const;
const FACILITIES = {
  0: 'KERN', 1: 'USER', 2: 'MAIL', 3: 'DAEMON', 4: 'AUTH', 5: 'SYSLOG', 6: 'LPR', 7: 'NEWS', 8: 'UUCP', 9: 'CRON', 10: 'AUTHPRIV', 11: 'FTP', 12: 'NTP',
  13: 'LOGAUDIT', 14: 'LOGALERT', 15: 'CRON', 16: 'LOCAL0', 17: 'LOCAL1', 18: 'LOCAL2', 19: 'LOCAL3', 20: 'LOCAL4', 21: 'LOCAL5', 22: 'LOCAL6', 23: 'LOCAL7',
} as const;

export const syslogFields = defineFields({ 
  facility: { name: 'syslog.facility', ...put('u8', 'Facility', { mask: 0x3f8, values: FACILITIES }) },
  level: { name: 'syslog.level', ...put('u8', 'Level', { mask: 0x7, values: LEVELS }) },
  msg: { name: 'syslog.msg', ...put('string', 'Message') },
  timestampRfc3164: { name: 'syslog.timestamp_rfc3164', ...put('string', 'Syslog timestamp (RFC3164)') },
  hostname: { name: 'syslog.hostname', ...put('string', 'Syslog hostname') },
  procid: { name: 'syslog.procid', ...put('string', 'Syslog process id') },
  msgid: { name: 'syslog.msgid', ...put('string', 'Syslog message id') },
  version: { name: 'syslog.version', ...put('string', 'Syslog version') },
  timestamp: { name: 'syslog.timestamp', ...put('abstime', 'Syslog timestamp', { base: 'utc' }) },
  appname: { name: 'syslog.appname', ...put('string', 'Syslog app name') },
});
const F = syslogFields;

export const syslog = defineDissector({
  name: 'syslog',
  title: 'Syslog message',
  short: 'Syslog',
  spec: ['RFC 3164 §4', 'RFC 5424 §6'],
  over: { 'udp.port': [514] },
  fields: syslogFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let text = at;
    if (b[at] === LESS && end > at) {
      let value = 0;
      text = at + 1;
      // At most three digits within the brackets.
      while (text < end && text < at + 4 && b[text] >= 0x30 && b[text] <= 0x39) value = value * 10 + b[text++] - 0x30;
      const hasPriority = text > at + 1;
      if (text < end && b[text] === GREATER) text++;
      if (hasPriority) {
        p.putInt(F.facility, at, text - at, value >> 3);
        p.putInt(F.level, at, text - at, value & 7);
      }
    }
    p.put(F.msg, text, end - text);
    if (isStamp(b, text, end)) putOldHead(p, text, end);
    else if (end - text > 2 && b[text] === 0x31 && b[text + 1] === SPACE) putHead(p, text, end);
    return DONE;
  },
  info: (row) => `${(FACILITIES as Readonly<Record<number, string>>)[row.num(F.facility)] ?? '(unknown)'}.${(LEVELS as Readonly<Record<number, string>>)[row.num(F.level)] ?? '(unknown)'}: ${row.text(F.msg)}`,
});
export default syslog;

/** True where `Mmm dd hh:mm:ss ` stands. */
function isStamp(b: Uint8Array, at: number, end: number): boolean {
  return end - at > STAMP_LEN && b[at + 3] === SPACE && b[at + 6] === SPACE && b[at + 9] === 0x3a && b[at + 12] === 0x3a && b[at + STAMP_LEN] === SPACE
    && b[at] >= 0x41 && b[at] <= 0x5a && b[at + 8] >= 0x30 && b[at + 8] <= 0x39;
}

/** Where the word at `at` ends. */
function wordEnd(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== SPACE) i++;
  return i;
}

/** Time, host, and a tag that ends with what is no letter or digit (RFC 3164 §4.1). */
function putOldHead(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.timestampRfc3164, at, STAMP_LEN);
  const host = at + STAMP_LEN + 1;
  const hostEnd = wordEnd(b, host, end);
  p.put(F.hostname, host, hostEnd - host);
  const tag = hostEnd + 1;
  if (tag >= end) return;
  let tagEnd = tag;
  while (tagEnd < end && isTagByte(b[tagEnd])) tagEnd++;
  p.put(F.procid, tag, tagEnd - tag);
  if (tagEnd < end) p.put(F.msgid, tagEnd, end - tagEnd);
}

function isTagByte(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}

/** Version, time, host, application, process, message id (RFC 5424 §6.2). */
function putHead(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.version, at, 1);
  let i = at + 2;
  let next = wordEnd(b, i, end);
  p.put(F.timestamp, i, next - i);
  for (const field of HEAD_WORDS) {
    i = next + 1;
    if (i >= end) return;
    next = wordEnd(b, i, end);
    p.put(field, i, next - i);
  }
}
const HEAD_WORDS = [F.hostname, F.appname, F.procid, F.msgid];
