import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';
import { DerElement, readElement } from '../codecs/der.ts';
import { ldapFields as F } from '../codecs/ldap-fields.ts';
import { OPERATIONS, putEnvelope } from '../codecs/ldap-message.ts';

const SEQUENCE = 0x30;
const MAX_SASL = 64 * 1024 * 1024;
const e = new DerElement();

/** LDAP over TCP; behind a length where a bind settled on a layer of security (RFC 4422 §3.7). */
export const ldap = defineDissector({
  name: 'ldap',
  title: 'Lightweight Directory Access Protocol',
  spec: ['RFC 4511', 'RFC 4422 §3.7'],
  over: { 'tcp.port': [389, 3268] },
  stream: true,
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (b[at] === 0) return putSasl(p, at, end);
    if (b[at] !== SEQUENCE) return DECLINE;
    if (end - at < 2) return p.more(1) === MORE ? MORE : p.tooShort(2);
    const head = headLength(b, at, end);
    if (head === 0) return DECLINE;
    if (at + head > end) return p.more(at + head - end) === MORE ? MORE : p.tooShort(head);
    readElement(b, at, Number.MAX_SAFE_INTEGER, e);
    const next = e.end;
    const content = e.contentAt;
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    if (!putEnvelope(p, at, content, Math.min(next, end)) && next <= end) return DECLINE;
    if (next > end) return p.tooShort(next - at);
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => `${OPERATIONS[row.num(F.protocolOp) as keyof typeof OPERATIONS] ?? 'LDAP'} (${row.text(F.messageID)})${row.has(F.baseObject) ? ` "${row.text(F.baseObject)}"` : ''}`,
});

/** Bytes of tag and length; 0 where the length is none that a message has. */
function headLength(b: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || b[at + 1] < 0x80) return 2;
  const n = b[at + 1] & 0x7f;
  return n === 0 || n > 4 ? 0 : 2 + n;
}

const WRAP_HEAD = 16;
const SEALED = 0x02;

/** Where the messages begin in a token that is signed and not sealed (RFC 4121 §4.2.6.2); 0 = nowhere. */
function plainOf(b: Uint8Array, at: number, end: number): number {
  if (end - at < WRAP_HEAD || b[at] !== 0x05 || b[at + 1] !== 0x04 || (b[at + 2] & SEALED) !== 0) return 0;
  const checksum = u16be(b, at + 4);
  const rotated = u16be(b, at + 6);
  return at + WRAP_HEAD + (rotated === 0 ? 0 : checksum);
}

function putMessages(p: PacketView, from: number, end: number): void {
  for (let q = from; q + 2 < end && p.bytes[q] === SEQUENCE && readElement(p.bytes, q, end, e);) {
    const next = e.end;
    if (!putEnvelope(p, q, e.contentAt, next)) return;
    q = next;
  }
}

/** A buffer of the security layer: sealed, or signed messages. */
function putSasl(p: PacketView, at: number, end: number): number {
  if (end - at < 4) return p.more(4 - (end - at)) === MORE ? MORE : p.tooShort(4);
  const length = u32be(p.bytes, at);
  if (length < 4 || length > MAX_SASL) return DECLINE;
  const next = at + 4 + length;
  if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
  p.put(F.saslBufferLength, at, 4);
  p.call(p.id('gss-api'), at + 4, Math.min(next, end));
  const plain = plainOf(p.bytes, at + 4, Math.min(next, end));
  if (plain > 0) putMessages(p, plain, Math.min(next, end));
  p.payload(next, p.wireEnd);
  return next < p.wireEnd ? DONE : p.finish();
}
export default ldap;
