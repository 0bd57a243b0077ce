import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { TlsFields } from './tls-fields.ts';
import type { TlsNegotiation } from './tls-negotiation.ts';
import { keyExchangeOf, signsKey } from './tls-negotiation.ts';

const NAMED_CURVE = 3;

/** Puts bytes behind a length of two; returns the place behind them. */
function putLong(p: PacketView, length: Field, value: Field, at: number, end: number): number {
  if (at + 2 > end) return end;
  const n = Math.min(u16be(p.bytes, at), end - at - 2);
  p.put(length, at, 2);
  if (n > 0) p.put(value, at + 2, n);
  return at + 2 + n;
}

/** ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4). */
export function putServerKey(p: PacketView, F: TlsFields, at: number, end: number, talk: TlsNegotiation | undefined): void {
  const cipher = talk?.cipher ?? 0;
  const kind = keyExchangeOf(cipher);
  let q = at;
  if (kind === 'dhe') q = putLong(p, F.serverKeyLength, F.serverKey, putLong(p, F.gLength, F.g, putLong(p, F.pLength, F.p, at, end), end), end);
  else if (kind === 'psk') {
    putLong(p, F.hintLength, F.hint, at, end);
    return;
  } else if (end - at > 4 && p.bytes[at] === NAMED_CURVE) {
    p.put(F.curveType, at, 1);
    p.put(F.namedCurve, at + 1, 2);
    p.put(F.serverPointLength, at + 3, 1);
    const n = Math.min(p.bytes[at + 3], end - at - 4);
    p.put(F.serverPoint, at + 4, n);
    q = at + 4 + n;
  } else return;
  if (!signsKey(cipher) || q + 2 > end) return;
  const version = talk?.version ?? 0;
  if (version === 0x0303 || version === 0xfefd) {
    p.put(F.signature, q, 2);
    p.put(F.signatureHash, q, 1);
    p.put(F.signatureSig, q + 1, 1);
    q += 2;
  }
  putLong(p, F.signatureLength, F.signatureValue, q, end);
}

/** ClientKeyExchange (RFC 5246 §7.4.7, RFC 8422 §5.7). */
export function putClientKey(p: PacketView, F: TlsFields, at: number, end: number, talk: TlsNegotiation | undefined): void {
  const kind = keyExchangeOf(talk?.cipher ?? 0);
  if (kind === 'ecdhe') {
    if (end <= at) return;
    p.put(F.clientPointLength, at, 1);
    p.put(F.clientPoint, at + 1, Math.min(p.bytes[at], end - at - 1));
  } else if (kind === 'dhe') putLong(p, F.clientKeyLength, F.clientKey, at, end);
  else if (kind === 'psk') putLong(p, F.identityLength, F.identity, at, end);
  else if (talk?.version === 0x0300 || talk?.version === 0x0100) p.put(F.premaster, at, end - at);
  else putLong(p, F.premasterLength, F.premaster, at, end);
}
