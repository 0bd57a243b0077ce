import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MALFORMED } from '../packet-view.ts';
import { sesFields as F, sesGroups as G } from './ses-fields.ts';
import { putAll } from './windows-values.ts';

/** SPDU types (ISO 8327-1 §8.3). 1 is GIVE TOKENS where another SPDU follows it, else DATA TRANSFER. */
export const SPDU_TYPES = {
  0: 'PLEASE TOKENS (PT) SPDU', 1: 'DATA TRANSFER (DT) SPDU', 5: 'EXPEDITED DATA (EX) SPDU', 7: 'PREPARE (PR) SPDU', 8: 'NOT FINISHED (NF) SPDU', 9: 'FINISH (FN) SPDU',
  10: 'DISCONNECT (DN) SPDU', 12: 'REFUSE (RF) SPDU', 13: 'CONNECT (CN) SPDU', 14: 'ACCEPT (AC) SPDU', 15: 'CONNECT DATA OVERFLOW (CDO) SPDU',
  16: 'OVERFLOW ACCEPT (OA) SPDU', 21: 'GIVE TOKENS CONFIRM (GTC) SPDU', 22: 'GIVE TOKENS ACK (GTA) SPDU', 25: 'ABORT (AB) SPDU', 26: 'ABORT ACCEPT (AA) SPDU',
  29: 'ACTIVITY RESUME (AR) SPDU', 33: 'TYPED DATA (TD) SPDU', 34: 'RESYNCHRONIZE ACK (RA) SPDU', 41: 'MAJOR SYNC POINT (MAP) SPDU', 45: 'ACTIVITY START (AS) SPDU',
  48: 'EXCEPTION DATA (ED) SPDU', 49: 'MINOR SYNC POINT (MIP) SPDU', 50: 'MINOR SYNC ACK (MIA) SPDU', 53: 'RESYNCHRONIZE (RS) SPDU', 57: 'ACTIVITY DISCARD (AD) SPDU',
  58: 'ACTIVITY DISCARD ACK (ADA) SPDU', 61: 'CAPABILITY DATA (CD) SPDU', 62: 'CAPABILITY DATA ACK (CDA) SPDU', 64: 'UNIT DATA (UD) SPDU',
} as const;

const DATA = 1;
const LONG = 0xff;
/** Parameter groups hold parameters; two carry what the user sends. */
const GROUPS = new Set([1, 5, 33]);
const USER_DATA = 193;
const EXTENDED_USER_DATA = 194;
const PARAMETER = { PROTOCOL_OPTIONS: 19, REQUIREMENTS: 20, VERSION: 22, CALLING: 51, CALLED: 52 } as const;

/** Puts one SPDU and calls what is in it. The first of two that stand together is followed by the heading of the second. */
export function putSpdu(p: PacketView, at: number, end: number, isFirst: boolean): number {
  const b = p.bytes;
  if (end - at < 2) return DECLINE;
  p.put(F.type, at, 1);
  const isLong = b[at + 1] === LONG;
  if (isLong && end - at < 4) return p.tooShort(4);
  const length = isLong ? b[at + 2] * 256 + b[at + 3] : b[at + 1];
  const body = at + (isLong ? 4 : 2);
  const claimed = body + length;
  const next = Math.min(claimed, p.wireEnd);
  p.putInt(F.length, at + 1, body - at - 1, length);
  if (next > end) return p.tooShort(next - at);
  const user = putParameters(p, body, next);
  if (user > 0) p.call(p.id('pres'), user, next);
  if (claimed > next) return MALFORMED;
  if (next >= end) return DONE;
  if (isFirst && b[at] === DATA && length === 0 && b[next] in SPDU_TYPES && b[next + 1] === 0) p.call(p.id('ses.further'), next, end);
  else if (b[at] === DATA) p.call(p.id('pres'), next, end);
  return DONE;
}

/** Parameters of an SPDU; returns where the user's data begin, 0 = nowhere. */
function putParameters(p: PacketView, from: number, end: number): number {
  const b = p.bytes;
  let user = 0;
  for (let q = from; q + 2 <= end;) {
    const code = b[q];
    const isLong = b[q + 1] === LONG && q + 4 <= end;
    const length = isLong ? b[q + 2] * 256 + b[q + 3] : b[q + 1];
    const value = q + (isLong ? 4 : 2);
    if (value + length > end) return code === USER_DATA ? value : user;
    p.put(F.parameterType, q, 1);
    p.putInt(F.parameterLength, q + 1, value - q - 1, length);
    if (code === USER_DATA || code === EXTENDED_USER_DATA) user = value;
    else if (GROUPS.has(code)) {
      q = value;
      continue;
    } else putParameter(p, code, value, length);
    q = value + length;
  }
  return user;
}

function putParameter(p: PacketView, code: number, at: number, length: number): void {
  if (length === 0) return;
  switch (code) {
    case PARAMETER.PROTOCOL_OPTIONS: p.put(F.connectFlags, at, 1); return;
    case PARAMETER.VERSION: putAll(p, G.version, at, 1); return;
    case PARAMETER.REQUIREMENTS: if (length === 2) putAll(p, G.req, at, 2); return;
    case PARAMETER.CALLING: p.put(F.callingSessionSelector, at, length); return;
    case PARAMETER.CALLED: p.put(F.calledSessionSelector, at, length); return;
  }
}
