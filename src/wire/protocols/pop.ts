import { popSession } from '../codecs/pop-session.ts';
import { popFields } from '../codecs/pop-fields.ts';
import { isWord, lineEnd, nextLine, skipSpaces, wordEnd } from '../codecs/text-line.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = popFields;
const PORT = 110;

interface PopConversation {
  /** STLS was sent, and its answer is awaited (RFC 2595 §4). */
  startTls: boolean;
}

const createPop = (): PopConversation => ({ startTls: false });

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
      p.call(p.id('imf'), at, end);
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
    if (p.flow >= 0) startTls(p, at, word, isRequest);
    return DONE;
  },
  sessions: [popSession],
  info: (row) => (row.has(F.requestCommand) ? `C: ${row.text(F.requestCommand)} ${row.text(F.requestParameter)}` : `S: ${row.text(F.responseIndicator)} ${row.text(F.responseDescription)}`),
});

const isReply = (b: Uint8Array, at: number, end: number): boolean => isWord(b, at, end, '+OK') || isWord(b, at, end, '-ERR');

function startTls(p: PacketView, at: number, word: number, isRequest: boolean): void {
  const talk = p.trackers.state('pop', p.flow, createPop);
  if (isRequest) {
    talk.startTls = isWord(p.bytes, at, word, 'STLS');
    return;
  }
  if (talk.startTls && p.bytes[at] === 0x2b) p.setApp(p.id('tls'));
  talk.startTls = false;
}

export default pop;
