import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 4;
const REQUEST = 1;
const CODES = { 1: 'Authenticate-Request', 2: 'Authenticate-Ack', 3: 'Authenticate-Nak' } as const;

export const papFields = defineFields({
  code: { name: 'pap.code', ...fixed('u8', 0, 'Code', { values: CODES }) },
  identifier: { name: 'pap.identifier', ...fixed('u8', 1, 'Identifier') },
  length: { name: 'pap.length', ...fixed('u16', 2, 'Length') },
  data: { name: 'pap.data', ...put('none', 'Data') },
  peerLength: { name: 'pap.peer_id.length', ...put('u8', 'Peer-ID-Length') },
  peer: { name: 'pap.peer_id', ...put('string', 'Peer-ID') },
  passwordLength: { name: 'pap.password.length', ...put('u8', 'Password-Length') },
  password: { name: 'pap.password', ...put('string', 'Password') },
  messageLength: { name: 'pap.message.length', ...put('u8', 'Message-Length') },
  message: { name: 'pap.message', ...put('string', 'Message') },
  stuff: { name: 'pap.stuff', ...put('bytes', 'stuff') },
});
const F = papFields;

/** Name and password in the clear. */
export const pap = defineDissector({
  name: 'pap',
  title: 'PPP Password Authentication Protocol',
  short: 'PPP PAP',
  spec: ['RFC 1334 §2'],
  over: { 'ppp.protocol': [0xc023] },
  fields: papFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const code = b[at];
    const last = Math.min(end, at + u16be(b, at + 2));
    const from = at + HEAD_LEN;
    if (last <= from) return DONE;
    p.put(F.data, from, last - from);
    const first = b[from];
    if (code !== REQUEST) {
      if (code > 3) p.put(F.stuff, from, last - from);
      else {
        p.put(F.messageLength, from, 1);
        if (from + 1 + first > end) return p.tooShort(from + 1 + first - at);
        p.put(F.message, from + 1, first);
      }
      return DONE;
    }
    const second = from + 1 + first;
    p.put(F.peerLength, from, 1);
    if (second + 1 > end) return p.tooShort(second + 1 - at);
    p.put(F.peer, from + 1, first);
    p.put(F.passwordLength, second, 1);
    if (second + 1 + b[second] > end) return p.tooShort(second + 1 + b[second] - at);
    p.put(F.password, second + 1, b[second]);
    return DONE;
  },
  info: (row) => `${CODES[row.num(F.code) as 1 | 2 | 3] ?? 'Unknown code'} ${row.has(F.peer) ? `(Peer-ID='${row.text(F.peer)}')` : row.text(F.message)}`,
});
export default pap;
