import { smtpSession } from '../codecs/smtp-session.ts';
import type { SmtpConversation } from '../codecs/smtp-conversation.ts';
import { AUTH_ANSWER, AUTH_PASSWORD, AUTH_USER, BDAT, COMMANDS, createSmtpConversation, DATA } from '../codecs/smtp-conversation.ts';
import { smtpFields } from '../codecs/smtp-fields.ts';
import { hasReplyCode, isDigit, isWord, lineEnd, nextLine, replyCode, skipSpaces, wordEnd } from '../codecs/text-line.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = smtpFields;
const PORTS = [25, 587];
const DOT = 46;
const HYPHEN = 45;
/** Verbs have four letters (RFC 5321 §4.1.1); STARTTLS and longer ones are cut there. */
const VERB = 4;

/** For packets that belong to no conversation: nothing is remembered between them. */
const lone = createSmtpConversation();

/** Simple Mail Transfer Protocol: all lines of a segment are one message. */
export const smtp = defineDissector({
  name: 'smtp',
  title: 'Simple Mail Transfer Protocol',
  spec: ['RFC 5321', 'RFC 4954', 'RFC 3030', 'RFC 3207'],
  over: { 'tcp.port': PORTS },
  fields: smtpFields,
  stream: true,
  column: (row) => (row.has(F.eom) && row.num(F.dataReassembledLength) > 0 ? 'SMTP/IMF' : 'SMTP'),
  dissect(p, at, end) {
    // A line that does not end is waited for, unless lines before it can be read.
    if (lineEnd(p.bytes, at, end) === end && end === p.wireEnd) {
      const wait = p.more(0);
      if (wait !== DONE) return wait;
    }
    const talk = p.flow >= 0 ? p.trackers.state('smtp', p.flow, createSmtpConversation) : lone;
    if (PORTS.includes(p.srcPort) && !PORTS.includes(p.dstPort)) putReplies(p, at, end, talk);
    else return putRequest(p, at, end, talk);
    return DONE;
  },
  sessions: [smtpSession],
  info: (row) => (row.has(F.response) ? `S: ${row.text(F.response).trimEnd()}` : row.has(F.commandLine) ? `C: ${row.text(F.commandLine).trimEnd()}` : 'C: mail data'),
});

function putRequest(p: PacketView, at: number, end: number, talk: SmtpConversation): number {
  const b = p.bytes;
  let pos = at;
  while (pos < end) {
    if (talk.state === DATA) {
      pos = putData(p, pos, end, talk);
      continue;
    }
    if (talk.state === BDAT && talk.chunk > 0) {
      const n = Math.min(talk.chunk, end - pos);
      p.callInside(p.id('data-text-lines'), p.source, pos, pos + n);
      talk.chunk -= n;
      pos += n;
      if (talk.chunk === 0) talk.state = COMMANDS;
      continue;
    }
    const line = lineEnd(b, pos, end);
    const next = nextLine(b, line, end);
    if (talk.state === AUTH_USER || talk.state === AUTH_PASSWORD) putSecret(p, pos, line, talk);
    else if (talk.state === AUTH_ANSWER) {
      talk.state = COMMANDS;
      p.callInside(p.id('data-text-lines'), p.source, pos, next);
    }
    else putCommand(p, pos, line, next, talk);
    pos = next;
  }
  return DONE;
}

/** Lines of the mail, up to the one that holds a full stop alone. Returns where the next command begins. */
function putData(p: PacketView, at: number, end: number, talk: SmtpConversation): number {
  const b = p.bytes;
  let pos = at;
  while (pos < end) {
    const line = lineEnd(b, pos, end);
    const next = nextLine(b, line, end);
    if (line === pos + 1 && b[pos] === DOT && next > line) {
      talk.add(b, at, pos, p.frame);
      talk.state = COMMANDS;
      putMail(p, pos, next, talk);
      return next;
    }
    pos = next;
  }
  talk.add(b, at, end, p.frame);
  p.callInside(p.id('data-text-lines'), p.source, at, end);
  return end;
}

function putMail(p: PacketView, at: number, end: number, talk: SmtpConversation): void {
  p.put(F.eom, at, end - at);
  const frames = talk.frames.length;
  if (frames === 0) return;
  p.open(F.dataFragments, at);
  for (const frame of talk.frames) p.putInt(F.dataFragment, at, 0, frame);
  p.putInt(F.dataFragmentCount, at, 0, frames);
  const mail = talk.take();
  p.putInt(F.dataReassembledLength, at, 0, mail.length);
  p.close(at);
  const source = p.derive(mail, 'reassembled');
  if (source > 0) p.callSource(p.id('imf'), source);
}

function putCommand(p: PacketView, at: number, line: number, next: number, talk: SmtpConversation): void {
  const b = p.bytes;
  const verb = Math.min(at + VERB, line);
  p.putInt(F.req, at, 0, 1);
  p.put(F.commandLine, at, next - at);
  p.put(F.reqCommand, at, verb - at);
  const arg = Math.min(verb + 1, line);
  if (arg < line) p.put(F.reqParameter, arg, line - arg);
  if (isWord(b, at, line, 'DATA')) {
    talk.state = DATA;
    talk.asked = true;
    talk.forget();
  } else if (isWord(b, at, line, 'BDAT')) beginChunk(b, arg, line, talk);
  else if (isWord(b, at, line, 'STARTTLS')) talk.startTls = true;
  else if (isWord(b, at, line, 'AUTH')) beginAuth(p, arg, line, talk);
}

function beginChunk(b: Uint8Array, at: number, line: number, talk: SmtpConversation): void {
  let size = 0;
  for (let i = skipSpaces(b, at, line); i < line && isDigit(b[i]) && size < 1e12; i++) size = size * 10 + b[i] - 48;
  talk.chunk = size;
  talk.state = size > 0 ? BDAT : COMMANDS;
}

/** AUTH with its first answer, or without (RFC 4954 §4). */
function beginAuth(p: PacketView, at: number, line: number, talk: SmtpConversation): void {
  const b = p.bytes;
  const answer = skipSpaces(b, wordEnd(b, at, line), line);
  const has = answer < line;
  talk.login = 0;
  talk.answering = true;
  if (isWord(b, at, line, 'PLAIN') && has) putBase64(p, F.authUsernamePassword, answer, line);
  else if (isWord(b, at, line, 'PLAIN')) talk.login = -1;
  else if (isWord(b, at, line, 'LOGIN')) {
    talk.login = has ? 1 : 2;
    if (has) putBase64(p, F.authUsername, answer, line);
  }
}

function putSecret(p: PacketView, at: number, line: number, talk: SmtpConversation): void {
  const field = talk.login === -1 ? F.authUsernamePassword : talk.state === AUTH_USER ? F.authUsername : F.authPassword;
  putBase64(p, field, at, line);
  talk.login = talk.state === AUTH_USER && talk.login > 0 ? 1 : 0;
  talk.state = COMMANDS;
}

function putBase64(p: PacketView, f: typeof F.authUsername, at: number, line: number): void {
  p.put(f, at, line - at);
  p.expert('warn', 'protocol', F.base64Decode.name, at, line - at);
}

function putReplies(p: PacketView, at: number, end: number, talk: SmtpConversation): void {
  const b = p.bytes;
  p.putInt(F.rsp, at, 0, 1);
  let within = false;
  for (let pos = at; pos < end; ) {
    const line = lineEnd(b, pos, end);
    const next = nextLine(b, line, end);
    const coded = hasReplyCode(b, pos, line);
    if (!within) {
      p.put(F.response, pos, next - pos);
      if (coded) p.putInt(F.responseCode, pos, 3, replyCode(b, pos));
    }
    const text = coded ? Math.min(pos + 4, line) : pos;
    if (text < line) p.put(F.rspParameter, text, line - text);
    within = coded && line > pos + 3 && b[pos + 3] === HYPHEN;
    if (coded && !within) understand(p, replyCode(b, pos), talk);
    pos = next;
  }
}

function understand(p: PacketView, code: number, talk: SmtpConversation): void {
  if (talk.startTls) {
    talk.startTls = false;
    if (code === 220) p.setApp(p.id('tls'));
  }
  if (talk.asked && code !== 354 && talk.state === DATA && code >= 400) talk.state = COMMANDS;
  talk.asked = false;
  if (code === 334 && talk.answering) talk.state = talk.login === 2 || talk.login === -1 ? AUTH_USER : talk.login === 1 ? AUTH_PASSWORD : AUTH_ANSWER;
  else if (code !== 334) talk.answering = false;
}

export default smtp;
