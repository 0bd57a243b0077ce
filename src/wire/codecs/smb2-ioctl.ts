import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { putPipe } from './smb2-blobs.ts';
import { smbFields as S } from './smb-fields.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import type { Smb2Request, Smb2Session } from './smb2-talk.ts';
import { putAll, putUtf16 } from './windows-values.ts';

/** Control codes (MS-FSCC §2.3, MS-SMB2 §2.2.31). */
const FSCTL = {
  PIPE_TRANSCEIVE: 0x0011c017, PIPE_WAIT: 0x00110018, VALIDATE_NEGOTIATE: 0x00140204, QUERY_INTERFACES: 0x001401fc, OBJECT_ID: 0x000900c0, GET_OBJECT_ID: 0x0009009c,
  DFS_REFERRALS: 0x00060194, RESILIENCY: 0x001401d4, SHADOW_COPIES: 0x00144064,
} as const;

/** What goes into or comes out of a control operation. */
export function putIoctlData(p: PacketView, isIn: boolean, request: Smb2Request, at: number, length: number, end: number, session: Smb2Session, head: number, isResponse = false): void {
  const present = length > 0 && at < end;
  p.put(isIn ? F.ioctlIn : F.ioctlOut, Math.min(at, end), present ? Math.min(end - at, length) : 0);
  if (!present) return;
  const to = Math.min(end, at + length);
  switch (request.class) {
    case FSCTL.PIPE_TRANSCEIVE:
      putPipe(p, at, Math.min(at + length, p.wireEnd), session, head, request.file, undefined);
      break;
    case FSCTL.PIPE_WAIT:
      if (isIn && !isResponse && to - at >= 14) {
        p.put(F.fsctlWaitTimeout, at, 8);
        putUtf16(p, F.fsctlWaitName, at + 14, Math.min(u32le(p.bytes, at + 8), to - at - 14));
      }
      break;
    case FSCTL.VALIDATE_NEGOTIATE:
      if (!isResponse && isIn && to - at >= 24) {
        putAll(p, G.capabilities, at, 4);
        p.put(F.clientGuid, at + 4, 16);
        putAll(p, G.secMode, at + 20, 1);
        p.put(F.dialectCount, at + 22, 2);
        for (let q = at + 24; q + 2 <= to; q += 2) p.put(F.dialect, q, 2);
      } else if (isResponse && !isIn && to - at >= 24) {
        putAll(p, G.capabilities, at, 4);
        p.put(F.serverGuid, at + 4, 16);
        putAll(p, G.secMode, at + 20, 1);
        p.put(F.dialect, at + 22, 2);
      }
      break;
    case FSCTL.QUERY_INTERFACES:
      if (isResponse && !isIn) putInterfaces(p, at, to);
      break;
    case FSCTL.OBJECT_ID: case FSCTL.GET_OBJECT_ID:
      if (isResponse && !isIn && to - at >= 64) {
        p.put(F.fILEOBJECTIDBUFFER, at, 64);
        p.put(F.objectId, at, 16);
        p.put(F.birthVolumeId, at + 16, 16);
        p.put(F.birthObjectId, at + 32, 16);
        p.put(F.domainId, at + 48, 16);
      }
      break;
    case FSCTL.DFS_REFERRALS:
      if (isIn && !isResponse && to - at >= 4) {
        p.put(S.maxReferralLevel, at, 2);
        putUtf16(p, S.file, at + 2, to - at - 2);
      }
      break;
    case FSCTL.RESILIENCY:
      if (isIn && !isResponse && to - at >= 8) {
        p.put(F.ioctlResiliencyTimeout, at, 4);
        p.put(F.ioctlResiliencyReserved, at + 4, 4);
      }
      break;
    case FSCTL.SHADOW_COPIES:
      if (isResponse && !isIn && to - at >= 12) {
        p.put(F.ioctlEnumerateSnapshotsNumSnapshots, at, 4);
        p.put(F.ioctlEnumerateSnapshotsNumSnapshotsReturned, at + 4, 4);
        p.put(F.ioctlEnumerateSnapshotsArraySize, at + 8, 4);
        for (let q = at + 12; q + 50 <= to; q += 50) putUtf16(p, F.ioctlEnumerateSnapshotsSnapshot, q, 50);
      }
      break;
  }
}

const IPV4 = 2;
const IPV6 = 23;

/** NETWORK_INTERFACE_INFO (MS-SMB2 §2.2.32.5). */
function putInterfaces(p: PacketView, from: number, end: number): void {
  const b = p.bytes;
  for (let q = from; q + 152 <= end;) {
    const next = u32le(b, q);
    p.put(F.ioctlNetworkInterfacesNextOffset, q, 4);
    p.put(F.ioctlNetworkInterfacesIndex, q + 4, 4);
    putAll(p, G.ioctlNetworkInterfacesCapabilities, q + 8, 4);
    p.put(F.ioctlNetworkInterfacesRssQueueCount, q + 12, 4);
    p.put(F.ioctlNetworkInterfacesLinkSpeed, q + 16, 8);
    const family = u16le(b, q + 24);
    p.put(F.windowsSockaddrFamily, q + 24, 2);
    p.put(F.windowsSockaddrPort, q + 26, 2);
    if (family === IPV4) p.put(F.windowsSockaddrInAddr, q + 28, 4);
    else if (family === IPV6) {
      p.put(F.windowsSockaddrIn6FlowInfo, q + 28, 4);
      p.put(F.windowsSockaddrIn6Addr, q + 32, 16);
      p.put(F.windowsSockaddrIn6ScopeId, q + 48, 4);
    }
    if (next < 152) return;
    q += next;
  }
}
