import { u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { mscldapFields as F, mscldapGroups as G } from './mscldap-fields.ts';
import { putAll } from './windows-values.ts';

/** Which answer a client understands (MS-ADTS §6.3.1.1). */
export function putNtVersion(p: PacketView, at: number): void {
  putAll(p, G.version, at, 4);
}

const SAM_LOGON_RESPONSE_EX = 23;
const SAM_USER_UNKNOWN_EX = 25;

/** NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS §6.3.1.9): names are compressed as in DNS. */
export function putNetlogon(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const opcode = u16le(b, at);
  p.put(F.netlogonOpcode, at, 2);
  if (opcode !== SAM_LOGON_RESPONSE_EX && opcode !== SAM_USER_UNKNOWN_EX) return;
  putAll(p, G.flags, at + 4, 4);
  p.put(F.domainGuid, at + 8, 16);
  let q = at + 24;
  for (const field of NAMES) q = putName(p, field, at, q, end);
  if (end - q >= 8 && u32le(b, end - 8) !== 0) {
    putAll(p, G.version, end - 8, 4);
    p.put(F.netlogonNtToken, end - 4, 2);
    p.put(F.netlogonLmToken, end - 2, 2);
  }
}

const NAMES: readonly Field[] = [F.forest, F.domain, F.hostname, F.nbDomain, F.nbHostname, F.username, F.sitename, F.clientsitename];
const MAX_LABELS = 64;

function putName(p: PacketView, f: Field, base: number, from: number, end: number): number {
  const b = p.bytes;
  let text = '';
  let q = from;
  let next = -1;
  for (let i = 0; i < MAX_LABELS && q < end; i++) {
    const length = b[q];
    if (length >= 0xc0) {
      if (q + 1 >= end) break;
      if (next < 0) next = q + 2;
      q = base + (((length & 0x3f) << 8) | b[q + 1]);
      continue;
    }
    if (length === 0) {
      q++;
      break;
    }
    if (q + 1 + length > end) return end;
    text += (text === '' ? '' : '.') + p.host.latin1(b, q + 1, q + 1 + length);
    q += 1 + length;
  }
  if (next < 0) next = q;
  if (p.wants(f)) p.putText(f, from, next - from, text === '' && f === F.username ? '<Root>' : text);
  return next;
}
