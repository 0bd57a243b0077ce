import { u16be } from '../../base/bytes.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { ldpFields as F } from './ldp-fields.ts';

// Types of TLVs (RFC 5036 §3.7).
const FEC = 0x0100;
const ADDRESSES = 0x0101;
const PATH_VECTOR = 0x0104;
const HELLO = 0x0400;

/** TLVs that are one fixed part. */
const PARTS: Readonly<Record<number, Layout>> = {
  0x0103: layout({ 0: F.msgTlvHcValue }),
  0x0200: layout({ 0: F.msgTlvGenericLabel }),
  0x0300: layout({ 0: [F.msgTlvStatusEbit, F.msgTlvStatusFbit, F.msgTlvStatusData], 4: F.msgTlvStatusMsgId, 8: F.msgTlvStatusMsgType }),
  [HELLO]: layout({ 0: F.msgTlvHelloHold, 2: [F.msgTlvHelloTargeted, F.msgTlvHelloRequested, F.msgTlvHelloGtsm, F.msgTlvHelloRes] }),
  0x0401: layout({ 0: F.msgTlvIpv4Taddr }),
  0x0402: layout({ 0: F.msgTlvHelloCnfSeqno }),
  0x0403: layout({ 0: F.msgTlvIpv6Taddr }),
  0x0500: layout({
    0: F.msgTlvSessVer, 2: F.msgTlvSessKa, 4: [F.msgTlvSessAdvbit, F.msgTlvSessLdetbit], 5: F.msgTlvSessPvlim, 6: F.msgTlvSessMxpdu, 8: F.msgTlvSessRxlsr,
    12: F.msgTlvSessRxls,
  }),
};
const GTSM = 0x2000;

/** Puts one TLV of a message (RFC 5036 §3.3). */
export function putLdpTlv(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const type = u16be(b, at) & 0x3fff;
  const value = at + 4;
  p.put(F.msgTlvUnknown, at, 1);
  p.putInt(F.msgTlvType, at, 2, type);
  p.put(F.msgTlvLen, at + 2, 2);
  const part = PARTS[type];
  if (part !== undefined) {
    putLayout(p, part, value, end);
    if (type === HELLO && end - value >= 4 && (u16be(b, value + 2) & GTSM) === 0) p.expert('chat', 'protocol', 'ldp.gtsm_not_supported', value + 2, 2);
    return;
  }
  if (type === FEC) putClasses(p, value, end);
  else if (type === ADDRESSES) {
    if (end - value < 2) return;
    const size = u16be(b, value) === 2 ? 16 : 4;
    p.put(F.msgTlvAddrlAddrFamily, value, 2);
    if (size === 4) for (let i = value + 2; i + 4 <= end; i += 4) if (p.wants(F.msgTlvAddrlAddr)) p.putText(F.msgTlvAddrlAddr, i, 4, quadText(b, i, 4));
  } else if (type === PATH_VECTOR) for (let i = value; i + 4 <= end; i += 4) p.put(F.msgTlvPvLsrid, i, 4);
  else if (end > value) p.put(F.msgTlvValue, value, end - value);
}

const WILDCARD = 1;
const PREFIX = 2;
const HOST = 3;

/** Forwarding equivalence classes (RFC 5036 §3.4.1). */
function putClasses(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    p.put(F.msgTlvFecType, i, 1);
    if (b[i] === WILDCARD) {
      i++;
      continue;
    }
    if (b[i] > HOST || i + 4 > end) return;
    const size = u16be(b, i + 1) === 2 ? 16 : 4;
    p.put(F.msgTlvFecAf, i + 1, 2);
    p.put(F.msgTlvFecLen, i + 3, 1);
    const len = b[i] === PREFIX ? (b[i + 3] + 7) >> 3 : b[i + 3];
    if (len > size || i + 4 + len > end) return;
    const text = b[i] === PREFIX ? F.msgTlvFecPfval : F.msgTlvFecHoval;
    if (size === 4 && p.wants(text)) p.putText(text, i + 4, len, quadText(b, i + 4, len));
    i += 4 + len;
  }
}

/** An IPv4 prefix of `len` bytes in dots, the others zero. */
function quadText(b: Uint8Array, at: number, len: number): string {
  let text = '';
  for (let i = 0; i < 4; i++) text += `${i === 0 ? '' : '.'}${i < len ? b[at + i] : 0}`;
  return text;
}
