import { imfFields } from '../codecs/imf-fields.ts';
import { imapFields } from '../codecs/imap-fields.ts';
import { imapSession } from '../codecs/imap-session.ts';
import { isDigit, isWord, lineEnd, nextLine, skipSpaces, wordEnd } from '../codecs/text-line.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = imapFields;
const PORT = 143;
const STAR = 42;
const QUOTE = 34;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Commands whose first argument is a mailbox (RFC 3501 §6.3). */
const WITH_MAILBOX = ['SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'RENAME', 'SUBSCRIBE', 'UNSUBSCRIBE', 'STATUS', 'APPEND'];
/** Requests that wait for their answer. */
const MAX_WAITING = 64;

interface Waiting {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What is remembered of one connection: requests by tag, and whether TLS was asked for. */
class ImapConversation {
  readonly waiting = new Map<string, Waiting>();
  startTls = '';
}

const createImap = (): ImapConversation => new ImapConversation();

/** Internet Message Access Protocol: all lines of a segment are one message; mails in literals are layers of their own. */
export const imap = defineDissector({
  name: 'imap',
  title: 'Internet Message Access Protocol',
  spec: ['RFC 3501', 'RFC 9051'],
  over: { 'tcp.port': [PORT] },
  fields: imapFields,
  sessions: [imapSession],
  stream: true,
  column: (row) => (row.has(imfFields.from) || row.has(imfFields.subject) || row.has(imfFields.messageText) ? 'IMAP/IMF' : 'IMAP'),
  dissect(p, at, end) {
    const isRequest = p.dstPort === PORT;
    const missing = unfinished(p.bytes, at, end, isRequest);
    if (missing >= 0 && end === p.wireEnd) {
      const wait = p.more(0);
      if (wait !== DONE) return wait;
    }
    const talk = p.flow >= 0 ? p.trackers.state('imap', p.flow, createImap) : undefined;
    p.putInt(F.isrequest, at, 0, isRequest ? 1 : 0);
    for (let pos = at; pos < end; ) pos = putLine(p, pos, end, isRequest, talk);
    return DONE;
  },
  info: (row) => (row.num(F.isrequest) !== 0 ? `Request: ${row.text(F.request)}` : `Response: ${row.has(F.response) ? row.text(F.response) : row.text(F.line)}`),
});

/** Bytes that the last line or literal of `[at, end)` lacks: 0 = as many as the line needs, -1 = none. */
function unfinished(b: Uint8Array, at: number, end: number, isRequest: boolean): number {
  for (let pos = at; pos < end; ) {
    const line = lineEnd(b, pos, end);
    if (line === end) return 0;
    pos = nextLine(b, line, end) + (isRequest ? 0 : Math.max(literal(b, pos, line), 0));
    if (pos > end) return pos - end;
  }
  return -1;
}

/** Length of the literal that a line announces at its end, `{468}`; -1 = none (RFC 3501 §4.3). */
function literal(b: Uint8Array, at: number, line: number): number {
  if (line - at < 3 || b[line - 1] !== CLOSE) return -1;
  let open = line - 2;
  if (b[open] === 0x2b) open--;
  let value = 0;
  let factor = 1;
  while (open > at && isDigit(b[open]) && factor < 1e10) {
    value += (b[open] - 48) * factor;
    factor *= 10;
    open--;
  }
  return b[open] === OPEN && factor > 1 ? value : -1;
}

/** One line with its literal. Returns where the next one begins. */
function putLine(p: PacketView, at: number, end: number, isRequest: boolean, talk: ImapConversation | undefined): number {
  const b = p.bytes;
  const line = lineEnd(b, at, end);
  const next = nextLine(b, line, end);
  p.put(F.line, at, next - at);
  if (isRequest) putRequest(p, at, line, talk);
  else if (b[at] !== STAR) putResponse(p, at, line, talk);
  const n = isRequest ? 0 : literal(b, at, line);
  if (n <= 0) return next;
  const to = Math.min(next + n, end);
  if (to > next && p.host.latin1(b, at, line).includes('FETCH')) p.call(p.id('imf'), next, to);
  return to;
}

function putRequest(p: PacketView, at: number, line: number, talk: ImapConversation | undefined): void {
  const b = p.bytes;
  const tag = wordEnd(b, at, line);
  p.put(F.request, at, line - at);
  if (tag > at) {
    p.put(F.requestTag, at, tag - at);
    p.put(F.tag, at, tag - at);
  }
  let command = skipSpaces(b, tag, line);
  if (command >= line) return;
  let word = wordEnd(b, command, line);
  p.put(F.command, command, word - command);
  if (word - command === 3 && isWord(b, command, word, 'UID')) {
    p.putInt(F.requestCommandUid, command, 3, 1);
    command = skipSpaces(b, word, line);
    word = wordEnd(b, command, line);
  }
  p.put(F.requestCommand, command, word - command);
  const arg = skipSpaces(b, word, line);
  if (arg < line && WITH_MAILBOX.some((name) => name.length === word - command && isWord(b, command, word, name))) p.put(F.requestFolder, arg, argumentEnd(b, arg, line) - arg);
  if (word - command === 5 && isWord(b, command, word, 'LOGIN')) putLogin(p, arg, line);
  if (talk === undefined) return;
  const name = p.host.latin1(b, at, tag);
  if (word - command === 8 && isWord(b, command, word, 'STARTTLS')) talk.startTls = name;
  if (talk.waiting.size >= MAX_WAITING) talk.waiting.clear();
  talk.waiting.set(name, { frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds });
}

/** End of an argument: a word, or a text between quotes. */
function argumentEnd(b: Uint8Array, at: number, line: number): number {
  if (b[at] !== QUOTE) return wordEnd(b, at, line);
  let i = at + 1;
  while (i < line && b[i] !== QUOTE) i += b[i] === 0x5c ? 2 : 1;
  return Math.min(i + 1, line);
}

function putLogin(p: PacketView, at: number, line: number): void {
  const user = argumentEnd(p.bytes, at, line);
  if (user > at) p.put(F.requestUsername, at, user - at);
  const password = skipSpaces(p.bytes, user, line);
  if (password >= line) return;
  const end = argumentEnd(p.bytes, password, line);
  const quoted = p.bytes[password] === QUOTE && end - password >= 2;
  p.put(F.requestPassword, quoted ? password + 1 : password, quoted ? end - password - 2 : end - password);
}

function putResponse(p: PacketView, at: number, line: number, talk: ImapConversation | undefined): void {
  const b = p.bytes;
  const tag = wordEnd(b, at, line);
  p.put(F.response, at, line - at);
  p.put(F.responseTag, at, tag - at);
  p.put(F.tag, at, tag - at);
  const status = skipSpaces(b, tag, line);
  if (status >= line) return;
  const statusEnd = wordEnd(b, status, line);
  p.put(F.responseStatus, status, statusEnd - status);
  const command = skipSpaces(b, statusEnd, line);
  if (command < line) {
    const to = wordEnd(b, command, line);
    p.put(F.responseCommand, command, to - command);
    p.put(F.command, command, to - command);
  }
  const name = talk === undefined ? '' : p.host.latin1(b, at, tag);
  const asked = talk?.waiting.get(name);
  if (asked === undefined || talk === undefined) return;
  p.putInt(F.responseTo, at, 0, asked.frame);
  p.putSince(F.time, asked.seconds, asked.nanoseconds);
  if (talk.startTls === name && isWord(b, status, statusEnd, 'OK')) p.setApp(p.id('tls'));
}

export default imap;
