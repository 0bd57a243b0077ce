import { popSession } from '../codecs/pop-session.ts';
import { popFields } from '../codecs/pop-fields.ts';
import { isDigit, isWord, lineEnd, nextLine, skipSpaces, wordEnd } from '../codecs/text-line.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = popFields;
const PORT = 110;
const PLUS = 0x2b;

/** Longest mail that is put together. */
const MAX_MAIL = 16 << 20;

class PopConversation {
  /** STLS was sent, and its answer is awaited (RFC 2595 §4). */
  startTls = false;
  /** RETR was sent, and its answer is awaited. */
  retrieving = false;
  /** Bytes of the mail that the server announced, 0 = unknown; what came of it, in which frames. */
  announced = 0;
  length = 0;
  readonly parts: Uint8Array[] = [];
  readonly frames: number[] = [];
}

const createPop = (): PopConversation => new PopConversation();

/** Post Office Protocol, version 3: commands, replies, and the mails behind them. */
export const pop = defineDissector({
  name: 'pop',
  title: 'Post Office Protocol',
  spec: ['RFC 1939', 'RFC 2449', 'RFC 2595'],
  over: { 'tcp.port': [PORT] },
  fields: popFields,
  column: (row) => (row.has(F.request) || row.has(F.response) ? 'POP' : 'POP/IMF'),
  dissect(p, at, end) {
    const b = p.bytes;
    const isRequest = p.dstPort === PORT;
    if (!isRequest && !isReply(b, at, end)) {
      // The lines of a mail that an earlier reply began.
      const talk = p.flow >= 0 ? p.trackers.state('pop', p.flow, createPop) : undefined;
      if (talk === undefined || talk.announced === 0) p.call(p.id('imf'), at, p.wireEnd);
      else gather(p, at, end, talk);
      return DONE;
    }
    const line = lineEnd(b, at, end);
    const next = nextLine(b, line, end);
    const word = wordEnd(b, at, line);
    const rest = skipSpaces(b, word, line);
    const message = isRequest ? F.request : F.response;
    if (p.wants(message)) p.putText(message, at, next - at, '');
    if (word > at) p.put(isRequest ? F.requestCommand : F.responseIndicator, at, word - at);
    if (rest < line) p.put(isRequest ? F.requestParameter : F.responseDescription, rest, line - rest);
    const more = isRequest ? F.requestData : F.responseData;
    for (let pos = next; pos < end; ) {
      const to = nextLine(b, lineEnd(b, pos, end), end);
      if (p.wants(more)) p.putText(more, pos, to - pos, '');
      pos = to;
    }
    if (p.flow >= 0) follow(p, at, word, rest, line, isRequest);
    return DONE;
  },
  sessions: [popSession],
  info: (row) => (row.has(F.requestCommand) ? `C: ${row.text(F.requestCommand)} ${row.text(F.requestParameter)}` : `S: ${row.text(F.responseIndicator)} ${row.text(F.responseDescription)}`),
});

const isReply = (b: Uint8Array, at: number, end: number): boolean => isWord(b, at, end, '+OK') || isWord(b, at, end, '-ERR');

function follow(p: PacketView, at: number, word: number, rest: number, line: number, isRequest: boolean): void {
  const talk = p.trackers.state('pop', p.flow, createPop);
  if (isRequest) {
    talk.startTls = isWord(p.bytes, at, word, 'STLS');
    talk.retrieving = isWord(p.bytes, at, word, 'RETR');
    return;
  }
  const positive = p.bytes[at] === PLUS;
  if (talk.startTls && positive) p.setApp(p.id('tls'));
  if (talk.retrieving && positive) {
    talk.announced = 0;
    for (let i = rest; i < line && isDigit(p.bytes[i]) && talk.announced < MAX_MAIL; i++) talk.announced = talk.announced * 10 + p.bytes[i] - 48;
    if (rest < line && !isDigit(p.bytes[rest])) p.expert('error', 'malformed', F.responseTotLenInvalid.name, rest, 0);
    talk.length = 0;
    talk.parts.length = 0;
    talk.frames.length = 0;
  }
  talk.startTls = false;
  talk.retrieving = false;
}

/** Adds a part of a mail whose length is known; the mail is read where it is whole. */
function gather(p: PacketView, at: number, end: number, talk: PopConversation): void {
  talk.parts.push(p.bytes.slice(at, end));
  talk.frames.push(p.frame);
  talk.length += end - at;
  if (talk.length < talk.announced) return;
  p.open(F.dataFragments, at);
  for (const frame of talk.frames) p.putInt(F.dataFragment, at, 0, frame);
  p.putInt(F.dataFragmentCount, at, 0, talk.frames.length);
  p.putInt(F.dataReassembledLength, at, 0, talk.length);
  p.close(end);
  const mail = new Uint8Array(talk.length);
  let to = 0;
  for (const part of talk.parts) {
    mail.set(part, to);
    to += part.length;
  }
  talk.announced = 0;
  talk.parts.length = 0;
  const source = p.derive(mail, 'reassembled');
  if (source > 0) p.callSource(p.id('imf'), source);
}

export default pop;
