import { ftpSession } from '../codecs/ftp-session.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import type { FtpConversation } from '../codecs/ftp-conversation.ts';
import { createFtpConversation } from '../codecs/ftp-conversation.ts';
import { ftpFields } from '../codecs/ftp-fields.ts';
import { putEprt, putEpsv, putHostPort } from '../codecs/ftp-ports.ts';
import { hasReplyCode, isWord, lineEnd, replyCode, skipSpaces, wordEnd } from '../codecs/text-line.ts';

const F = ftpFields;
const PORT = 21;
const QUOTE = 34;

/** File Transfer Protocol, control connection: one line of command or reply a segment; more lines belong to the first. */
export const ftp = defineDissector({
  name: 'ftp',
  title: 'File Transfer Protocol (FTP)',
  spec: ['RFC 959', 'RFC 2428'],
  over: { 'tcp.port': [PORT] },
  fields: ftpFields,
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('ftp', p.flow, createFtpConversation) : undefined;
    const line = lineEnd(p.bytes, at, end);
    const isRequest = p.dstPort === PORT || (p.srcPort !== PORT && p.dir === 0);
    p.putInt(F.request, at, 0, isRequest ? 1 : 0);
    p.putInt(F.response, at, 0, isRequest ? 0 : 1);
    if (isRequest) putCommand(p, at, line, talk);
    else putReply(p, at, line, end, talk);
    if (p.wants(F.cwd)) p.putText(F.cwd, at, 0, talk === undefined ? '' : talk.cwd);
    p.call(p.id(F.cwd.name), end, end);
    return DONE;
  },
  sessions: [ftpSession],
  info: (row) => (row.has(F.command) ? `Request: ${row.text(F.command)} ${row.text(F.commandArg)}` : `Response: ${row.text(F.code)} ${row.text(F.responseArg)}`),
});

function putCommand(p: PacketView, at: number, line: number, talk: FtpConversation | undefined): void {
  const b = p.bytes;
  const word = wordEnd(b, at, line);
  const arg = skipSpaces(b, word, line);
  if (word > at) p.put(F.command, at, word - at);
  if (arg < line) p.put(F.commandArg, arg, line - arg);
  if (talk === undefined || word === at) return;
  if (isWord(b, at, word, 'PORT')) putHostPort(p, F.activeIp, F.activePort, F.activeNat, arg, line, p.srcAt, talk.announced('PORT', p.frame));
  else if (isWord(b, at, word, 'EPRT')) putEprt(p, arg, line, talk.announced('EPRT', p.frame));
  else talk.commanded(p.host.latin1(b, at, line), p.frame);
}

function putReply(p: PacketView, at: number, line: number, end: number, talk: FtpConversation | undefined): void {
  const b = p.bytes;
  let arg = at;
  if (hasReplyCode(b, at, line)) {
    const code = replyCode(b, at);
    p.putInt(F.code, at, 3, code);
    // Behind the code stands a space, or a hyphen where more lines follow (RFC 959 §4.2).
    arg = Math.min(at + 4, line);
    if (talk !== undefined) understandReply(p, code, arg, end, talk);
  }
  if (arg < line) p.put(F.responseArg, arg, line - arg);
}

function understandReply(p: PacketView, code: number, at: number, end: number, talk: FtpConversation): void {
  const line = lineEnd(p.bytes, at, end);
  if (code === 227) putHostPort(p, F.passiveIp, F.passivePort, F.passiveNat, at, line, p.srcAt, talk.announced('PASV', p.frame));
  else if (code === 229) putEpsv(p, at, line, talk.announced('EPASV', p.frame));
  else if (code === 250 && /^(CWD|CDUP)/i.test(talk.lastCommand)) talk.changed();
  else if (code === 257 && /^X?PWD/i.test(talk.lastCommand)) workingDirectory(p, at, line, talk);
}

/** `257 "/pub" is current directory`; a quote within the name is doubled (RFC 959 Appendix II). */
function workingDirectory(p: PacketView, at: number, line: number, talk: FtpConversation): void {
  const b = p.bytes;
  let close = at + 1;
  while (close < line && (b[close] !== QUOTE || b[close + 1] === QUOTE)) close += b[close] === QUOTE ? 2 : 1;
  if (at >= line || b[at] !== QUOTE || close >= line) {
    p.expert('error', 'malformed', F.pwdInvalid.name, at, line - at);
    return;
  }
  talk.cwd = p.host.latin1(b, at + 1, close).replaceAll('""', '"');
}

export default ftp;
