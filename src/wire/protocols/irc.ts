import { isDigit, isWord, lineEnd, nextLine, skipSpaces, wordEnd } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const ircFields = defineFields({
  request: { name: 'irc.request', ...put('string', 'Request') },
  requestPrefix: { name: 'irc.request.prefix', ...put('string', 'Prefix') },
  requestCommand: { name: 'irc.request.command', ...put('string', 'Command') },
  requestParameter: { name: 'irc.request.command_parameter', ...put('string', 'Parameter') },
  requestTrailer: { name: 'irc.request.trailer', ...put('string', 'Trailer') },
  response: { name: 'irc.response', ...put('string', 'Response') },
  responsePrefix: { name: 'irc.response.prefix', ...put('string', 'Prefix') },
  responseCommand: { name: 'irc.response.command', ...put('string', 'Command') },
  responseNumber: { name: 'irc.response.num_command', ...put('u16', 'Command') },
  responseParameter: { name: 'irc.response.command_parameter', ...put('string', 'Parameter') },
  responseTrailer: { name: 'irc.response.trailer', ...put('string', 'Trailer') },
});
const F = ircFields;
const PORTS = [6666, 6667, 57_000];
const COLON = 58;

/** Internet Relay Chat: messages, one a line. */
export const irc = defineDissector({
  name: 'irc',
  title: 'Internet Relay Chat',
  spec: ['RFC 1459 §2.3', 'RFC 2812 §2.3'],
  over: { 'tcp.port': PORTS },
  fields: ircFields,
  dissect(p, at, end) {
    const b = p.bytes;
    const isRequest = PORTS.includes(p.dstPort);
    for (let pos = at; pos < end; ) {
      const line = lineEnd(b, pos, end);
      if (line > pos) putMessage(p, pos, line, isRequest);
      pos = nextLine(b, line, end);
    }
    return DONE;
  },
  info: (row) => (row.has(F.request) ? `Request (${row.all(F.requestCommand).join(', ')})` : `Response (${row.all(F.responseCommand).join(', ')})`),
});

/** `:prefix COMMAND parameters :trailer`. */
function putMessage(p: PacketView, at: number, line: number, isRequest: boolean): void {
  const b = p.bytes;
  p.put(isRequest ? F.request : F.response, at, line - at);
  let pos = skipSpaces(b, at, line);
  if (b[pos] === COLON) {
    const to = wordEnd(b, pos, line);
    p.put(isRequest ? F.requestPrefix : F.responsePrefix, pos + 1, to - pos - 1);
    pos = skipSpaces(b, to, line);
  }
  if (pos >= line) return;
  const command = wordEnd(b, pos, line);
  const isNumber = command - pos === 3 && isDigit(b[pos]) && isDigit(b[pos + 1]) && isDigit(b[pos + 2]);
  p.put(isRequest ? F.requestCommand : F.responseCommand, pos, command - pos);
  if (isNumber && !isRequest) p.putInt(F.responseNumber, pos, 3, (b[pos] - 48) * 100 + (b[pos + 1] - 48) * 10 + b[pos + 2] - 48);
  if (!isRequest && isWord(b, pos, command, 'STARTTLS')) return;
  for (pos = skipSpaces(b, command, line); pos < line; ) {
    if (b[pos] === COLON) {
      p.put(isRequest ? F.requestTrailer : F.responseTrailer, pos + 1, line - pos - 1);
      return;
    }
    const to = wordEnd(b, pos, line);
    p.put(isRequest ? F.requestParameter : F.responseParameter, pos, to - pos);
    pos = skipSpaces(b, to, line);
  }
}

export default irc;
