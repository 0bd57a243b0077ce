import { u16be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { bgpFields as F } from './bgp-fields.ts';

const AUTHENTICATION = 1;
const CAPABILITY = 2;
/** Announces parameters with lengths of two bytes (RFC 9072). */
const EXTENDED = 255;

const OPEN = layout({ 19: F.openVersion, 20: F.openMyas, 22: F.openHoldtime, 24: F.openIdentifier, 28: F.openOptLen });
const GRACEFUL_FAMILY = layout({ 0: F.capGrAfi, 2: F.capGrSafi, 3: [F.capGrFlag, F.capGrFlagPfs] });
const GRACEFUL = layout({ 0: [F.capGrTimers, F.capGrTimersRestartFlag, F.capGrTimersNotificationFlag, F.capGrTimersRestartTime] });
const MULTIPROTOCOL = layout({ 0: F.capMpAfi, 2: [[F.capReserved, 1]], 3: F.capMpSafi });
const NEXT_HOP = layout({ 0: F.capEnhAfi, 2: F.capEnhSafi, 4: F.capEnhNhafi });
const ADD_PATH = layout({ 0: F.capApAfi, 2: F.capApSafi, 3: F.capApSendreceive });
const SECURITY = layout({ 0: [F.capBgpsecFlags, F.capBgpsecVersion, F.capBgpsecSendreceive, F.capBgpsecReserved], 1: F.capBgpsecAfi });

// Capability codes (IANA "Capability Codes").
const CAP_MULTIPROTOCOL = 1;
const CAP_REFRESH = 2;
const CAP_NEXT_HOP = 5;
const CAP_EXTENDED_MESSAGE = 6;
const CAP_SECURITY = 7;
const CAP_GRACEFUL = 64;
const CAP_AS4 = 65;
const CAP_ADD_PATH = 69;
const CAP_ENHANCED_REFRESH = 70;
const CAP_NAME = 73;
const CAP_REFRESH_CISCO = 128;

/** An OPEN message (RFC 4271 §4.2, RFC 5492). */
export function putOpen(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  if (!putLayout(p, OPEN, at, end)) return false;
  let i = at + OPEN.length;
  let size = 1;
  const length = b[at + 28];
  if (length === 0) return true;
  if (length === EXTENDED && b[i] === EXTENDED && i + 3 <= end) {
    size = 2;
    i += 3;
  }
  p.open(F.openOpt, i);
  while (i + 1 + size <= end) {
    const type = b[i];
    const value = i + 1 + size;
    const next = value + (size === 2 ? u16be(b, i + 1) : b[i + 1]);
    p.open(F.openOptParam, i);
    p.put(F.openOptParamType, i, 1);
    p.put(F.openOptParamLen, i + 1, size);
    const valueEnd = Math.min(next, end);
    if (type === CAPABILITY) for (let c = value; c < valueEnd;) c = putCapability(p, c, valueEnd);
    else if (valueEnd > value) p.put(type === AUTHENTICATION ? F.openOptParamAuth : F.openOptParamUnknown, value, valueEnd - value);
    p.close(valueEnd);
    i = next;
  }
  p.close(Math.min(i, end));
  return i <= end;
}

/** One capability; returns where it ends. */
export function putCapability(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 2) return end;
  const length = b[at + 1];
  const value = at + 2;
  const next = Math.min(end, value + length);
  p.open(F.cap, at);
  p.put(F.capType, at, 1);
  p.put(F.capLength, at + 1, 1);
  putValue(p, b[at], value, next);
  p.close(next);
  return next;
}

/** True where the length is one that the capability can have; else notes it and shows the bytes. */
function fits(p: PacketView, holds: boolean, at: number, end: number): boolean {
  if (!holds) {
    p.expert('error', 'malformed', 'bgp.cap.length.bad', at - 1, 1);
    if (end > at) p.put(F.capUnknown, at, end - at);
  }
  return holds;
}

function putValue(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  const length = end - at;
  switch (type) {
    case CAP_MULTIPROTOCOL:
      if (fits(p, length === 4, at, end)) putLayout(p, MULTIPROTOCOL, at, end);
      return;
    case CAP_REFRESH: case CAP_REFRESH_CISCO: case CAP_ENHANCED_REFRESH: case CAP_EXTENDED_MESSAGE:
      fits(p, length === 0, at, end);
      return;
    case CAP_NEXT_HOP:
      if (fits(p, length % 6 === 0, at, end)) for (let i = at; i < end; i += 6) putLayout(p, NEXT_HOP, i, end);
      return;
    case CAP_SECURITY:
      if (fits(p, length === 3, at, end)) putLayout(p, SECURITY, at, end);
      return;
    case CAP_GRACEFUL:
      if (!fits(p, length === 2 || length >= 6, at, end)) return;
      putLayout(p, GRACEFUL, at, end);
      if (length === 2) p.expert('chat', 'request', 'bgp.cap.gr.helper_mode_only', at, length);
      for (let i = at + 2; i + 4 <= end; i += 4) putLayout(p, GRACEFUL_FAMILY, i, end);
      return;
    case CAP_AS4:
      if (fits(p, length === 4, at, end)) p.put(F.cap4as, at, 4);
      return;
    case CAP_ADD_PATH:
      if (fits(p, length % 4 === 0, at, end)) for (let i = at; i < end; i += 4) putLayout(p, ADD_PATH, i, end);
      return;
    case CAP_NAME: {
      const host = b[at];
      const domainAt = at + 1 + host;
      if (length < 1 || domainAt >= end || domainAt + 1 + b[domainAt] > end) return;
      p.put(F.capOrfFqdnHostnameLen, at, 1);
      p.put(F.capOrfFqdnHostname, at + 1, host);
      p.put(F.capOrfFqdnDomainNameLen, domainAt, 1);
      p.put(F.capOrfFqdnDomainName, domainAt + 1, b[domainAt]);
      return;
    }
    default:
      if (length > 0) p.put(F.capUnknown, at, length);
  }
}
