import { u16be, u32be } from '../../base/bytes.ts';
import { OPTIONS_V2, OPTIONS_V3, putLinkLocal, putTrailer } from '../codecs/ospf-blocks.ts';
import { OSPF_PACKETS, ospfFields } from '../codecs/ospf-fields.ts';
import { LSA_HEADER, putLsaBody, putLsaHead } from '../codecs/ospf-lsa.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Version 2 (RFC 2328 §A.3.1); version 3 ends behind an instance and a zero byte in place of the authentication.
//
// | version |  type   |      length       |
// |             router id                 |
// |              area id                  |
// |      checksum     | authentication    |
// |           authentication              |
// |                                       |
const HEADER_V2 = 24;
const HEADER_V3 = 16;

const HELLO = 1;
const DESCRIPTION = 2;
const REQUEST = 3;
const UPDATE = 4;
const ACKNOWLEDGE = 5;

const NO_AUTHENTICATION = 0;
const PASSWORD = 1;
const CRYPTOGRAPHIC = 2;

const F = ospfFields;
const KINDS = [F.msgHello, F.msgDbdesc, F.msgLsreq, F.msgLsupdate, F.msgLsack];
const CRYPTOGRAPHIC_PART = layout({ 18: F.authCryptKeyId, 19: F.authCryptDataLength, 20: F.authCryptSeqNbr });
const HELLO_V2 = layout({
  0: F.helloNetworkMask, 4: [[F.helloHelloInterval, 2]], 7: F.helloRouterPriority, 8: F.helloRouterDeadInterval, 12: F.helloDesignatedRouter,
  16: F.helloBackupDesignatedRouter,
});
const HELLO_V3 = layout({
  0: F.helloInterfaceId, 4: F.helloRouterPriority, 8: [[F.helloHelloInterval, 2]], 10: [[F.helloRouterDeadInterval, 2]], 12: F.helloDesignatedRouter,
  16: F.helloBackupDesignatedRouter,
});
const DBD_FLAGS = layout({ 0: [F.dbd, F.dbdR, F.dbdI, F.dbdM, F.dbdMs] });

export const ospf = defineDissector({
  name: 'ospf',
  title: 'Open Shortest Path First',
  spec: ['RFC 2328', 'RFC 5340', 'RFC 5250', 'RFC 5613', 'RFC 7166'],
  over: { 'ip.proto': [89] },
  fields: ospfFields,
  dissect(p, at, end) {
    if (end - at < HEADER_V3) return p.tooShort(HEADER_V3);
    const b = p.bytes;
    const version = b[at];
    const type = b[at + 1];
    const header = version === 3 ? HEADER_V3 : HEADER_V2;
    const length = u16be(b, at + 2);
    if (type >= HELLO && type <= ACKNOWLEDGE) p.putInt(KINDS[type - 1], at + 1, 1, 1);
    if (version !== 2 && version !== 3) return DONE;
    if (end - at < header) return p.tooShort(header);
    p.open(F.header, at);
    p.close(at + header);
    const messageEnd = Math.min(end, at + length);
    if (version === 3) {
      p.put(F.instanceId, at + 14, 1);
      p.put(F.reserved, at + 15, 1);
    } else putAuthentication(p, at, end, at + length);
    const body = at + header;
    switch (type) {
      case HELLO: return putHello(p, version, at, body, messageEnd, end);
      case DESCRIPTION: return putDescription(p, version, at, body, messageEnd, end);
      case REQUEST: return putRequests(p, version, at, body, messageEnd);
      case UPDATE: return putUpdate(p, version, at, body, messageEnd);
      case ACKNOWLEDGE: return putHeads(p, version, at, body, messageEnd);
      default: return DONE;
    }
  },
  info: (row) => (OSPF_PACKETS as Readonly<Record<number, string>>)[row.num(F.msg)] ?? 'Unknown',
});
export default ospf;

function putAuthentication(p: PacketView, at: number, end: number, messageEnd: number): void {
  p.put(F.authType, at + 14, 2);
  const type = u16be(p.bytes, at + 14);
  if (type === NO_AUTHENTICATION) p.put(F.authNone, at + 16, 8);
  else if (type === PASSWORD) p.put(F.authSimple, at + 16, 8);
  else if (type === CRYPTOGRAPHIC) {
    putLayout(p, CRYPTOGRAPHIC_PART, at, end);
    const size = p.bytes[at + 19];
    if (size > 0 && messageEnd + size <= end) p.put(F.authCryptData, messageEnd, size);
  } else p.put(F.authUnknown, at + 16, 8);
}

function putHello(p: PacketView, version: number, at: number, body: number, messageEnd: number, end: number): number {
  const part = version === 2 ? HELLO_V2 : HELLO_V3;
  p.open(F.hello, body);
  const whole = putLayout(p, part, body, messageEnd);
  if (version === 2) {
    if (body + 7 <= messageEnd) putLayout(p, OPTIONS_V2, body + 6, messageEnd);
  } else if (body + 8 <= messageEnd) putLayout(p, OPTIONS_V3, body + 5, messageEnd);
  for (let i = body + part.length; i + 4 <= messageEnd; i += 4) p.put(F.helloActiveNeighbor, i, 4);
  p.close(messageEnd);
  if (!whole) return p.tooShort(body + part.length - at);
  putBehind(p, version, at, hasLinkLocal(p, version, version === 2 ? body + 6 : body + 5), messageEnd, end);
  return DONE;
}

function putDescription(p: PacketView, version: number, at: number, body: number, messageEnd: number, end: number): number {
  const shift = version === 2 ? 0 : 4;
  if (messageEnd - body < 8 + shift) return p.tooShort(body + 8 + shift - at);
  if (version === 2) {
    p.put(F.dbInterfaceMtu, body, 2);
    putLayout(p, OPTIONS_V2, body + 2, messageEnd);
    putLayout(p, DBD_FLAGS, body + 3, messageEnd);
  } else {
    p.put(F.reserved, body, 1);
    putLayout(p, OPTIONS_V3, body + 1, messageEnd);
    p.put(F.dbInterfaceMtu, body + 4, 2);
    p.put(F.reserved, body + 6, 1);
    putLayout(p, DBD_FLAGS, body + 7, messageEnd);
  }
  p.put(F.dbDdSequence, body + 4 + shift, 4);
  const verdict = putHeads(p, version, at, body + 8 + shift, messageEnd);
  putBehind(p, version, at, hasLinkLocal(p, version, version === 2 ? body + 2 : body + 1), messageEnd, end);
  return verdict;
}

/** The L bit of the options announces a block of link-local signaling behind the message. */
function hasLinkLocal(p: PacketView, version: number, at: number): boolean {
  return version === 2 ? (p.bytes[at] & 0x10) !== 0 : (p.bytes[at + 1] & 0x02) !== 0;
}

/** What follows the message within its packet: link-local signaling, then the trailer of version 3. */
function putBehind(p: PacketView, version: number, at: number, linkLocal: boolean, messageEnd: number, end: number): void {
  let from = messageEnd;
  if (version === 2 && u16be(p.bytes, at + 14) === CRYPTOGRAPHIC) from += p.bytes[at + 19];
  if (linkLocal && from < end) from = putLinkLocal(p, version, from, end);
  if (version === 3 && from < end && (p.bytes[at + HEADER_V3 + 5 + (p.bytes[at + 1] === HELLO ? 1 : -3)] & 4) !== 0) putTrailer(p, from, end);
}

function putRequests(p: PacketView, version: number, at: number, body: number, end: number): number {
  for (let i = body; i < end; i += 12) {
    if (i + 12 > end) return p.tooShort(i + 12 - at);
    if (version === 2) {
      p.putInt(F.lsa, i, 4, u32be(p.bytes, i));
    } else {
      p.put(F.reserved, i, 2);
      p.put(F.v3Lsa, i + 2, 2);
      p.put(F.v3LsaU, i + 2, 2);
      p.put(F.v3LsaS12, i + 2, 2);
      p.put(F.v3LsaFc, i + 2, 2);
    }
    p.put(F.linkStateId, i + 4, 4);
    p.put(F.advrouter, i + 8, 4);
  }
  return DONE;
}

function putHeads(p: PacketView, version: number, at: number, body: number, end: number): number {
  for (let i = body; i < end; i += LSA_HEADER) if (!putLsaHead(p, version, i, end)) return p.tooShort(i + LSA_HEADER - at);
  return DONE;
}

function putUpdate(p: PacketView, version: number, at: number, body: number, end: number): number {
  if (end - body < 4) return p.tooShort(body + 4 - at);
  p.put(F.lsNumberOfLsas, body, 4);
  let i = body + 4;
  for (let n = u32be(p.bytes, body); n > 0 && i < end; n--) {
    if (!putLsaHead(p, version, i, end)) return p.tooShort(i + LSA_HEADER - at);
    const length = u16be(p.bytes, i + 18);
    if (length < LSA_HEADER) {
      p.expert('warn', 'protocol', 'ospf.lsa.invalid_length', i + 18, 2);
      return DONE;
    }
    putLsaBody(p, version, i, Math.min(end, i + length));
    if (i + length > end) return p.tooShort(i + length - at);
    i += length;
  }
  return DONE;
}
