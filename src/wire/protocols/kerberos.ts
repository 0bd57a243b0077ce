import { u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import { kerberosFields as F } from '../codecs/kerberos-fields.ts';
import { kerberosSelf, putKerberos } from '../codecs/kerberos-rules.ts';
import { DECLINE, DONE, MALFORMED, MORE } from '../packet-view.ts';

const TCP = 6;
const MARK_LEN = 4;
const MESSAGES = {
  10: 'AS-REQ', 11: 'AS-REP', 12: 'TGS-REQ', 13: 'TGS-REP', 14: 'AP-REQ', 15: 'AP-REP', 20: 'KRB-SAFE', 21: 'KRB-PRIV', 22: 'KRB-CRED', 30: 'KRB-ERROR',
} as const;

/** Kerberos 5, over UDP and, behind a length, over TCP. */
export const kerberos = defineDissector({
  name: 'kerberos',
  title: 'Kerberos',
  spec: ['RFC 4120', 'RFC 6113'],
  over: { 'tcp.port': [88], 'udp.port': [88] },
  short: 'KRB5',
  stream: true,
  fields: { ...F, ...kerberosSelf },
  dissect(p, at, end) {
    const b = p.bytes;
    if (p.ipProto !== TCP) return isMessage(b[at]) ? (putKerberos(p, at, end) ? DONE : end < p.wireEnd ? p.tooShort(p.wireEnd - at) : MALFORMED) : DECLINE;
    if (end - at < MARK_LEN) return p.more(MARK_LEN - (end - at)) === MORE ? MORE : p.tooShort(MARK_LEN);
    const length = u32be(b, at) & 0x7fffffff;
    if (length < 2 || length > MAX_MESSAGE || (end > at + MARK_LEN && !isMessage(b[at + MARK_LEN]))) return DECLINE;
    const next = at + MARK_LEN + length;
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.put(F.rmReserved, at, 4);
    p.put(F.rmLength, at, 4);
    const isWhole = putKerberos(p, at + MARK_LEN, Math.min(end, next));
    if (!isWhole) return end < next ? p.tooShort(next - at) : MALFORMED;
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => MESSAGES[row.num(F.msgType) as keyof typeof MESSAGES] ?? 'Kerberos',
});

const MAX_MESSAGE = 10 * 1024 * 1024;

function isMessage(tag: number): boolean {
  return (tag & 0xe0) === 0x60 && (tag & 0x1f) >= 10 && (tag & 0x1f) <= 30;
}
export default kerberos;
