import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { dnsFields as F } from './dns-fields.ts';
import type { DnsRecordCursor } from './dns-message.ts';
import { RR } from './dns-message.ts';
import { putSecurityData } from './dns-put-security.ts';
import { layout, putLayout } from '../layout.ts';
import { putPadded } from '../padded.ts';
import { DnsName, nameText, readName } from './dns-name.ts';

const name = new DnsName();
/** Size, precisions and place (RFC 1876 §2). */
const LOCATION = layout({ 0: F.locVersion, 1: F.locSize, 2: F.locHorizontal, 3: F.locVertical, 4: F.locLatitude, 8: F.locLongitude, 12: F.locAltitude });

/** Puts a name within record data; returns where it ends, `dataEnd` where it does not read. */
export function putDataName(p: PacketView, f: Field, message: number, at: number, dataEnd: number, end: number): number {
  // A pointer leads anywhere in the message, so the message's end bounds it, and the data's end what stands here.
  if (at >= dataEnd || !readName(p.bytes, message, at, end, name) || name.end > dataEnd) return dataEnd;
  if (p.wants(f)) p.putText(f, at, name.end - at, nameText(name, p.host));
  return name.end;
}

/** Puts a byte-counted string; returns where it ends. */
function putCounted(p: PacketView, length: Field | undefined, f: Field, at: number, dataEnd: number): number {
  if (at >= dataEnd) return dataEnd;
  const n = Math.min(p.bytes[at], dataEnd - at - 1);
  if (length !== undefined) p.put(length, at, 1);
  p.put(f, at + 1, n);
  return at + 1 + n;
}

/** Puts the data of one record, `cursor.dataAt` to `dataEnd` (captured); names may point anywhere before `end`. */
export function putRecordData(p: PacketView, message: number, cursor: DnsRecordCursor, dataEnd: number, end: number): void {
  const at = cursor.dataAt;
  const length = dataEnd - at;
  switch (cursor.type) {
    case RR.A:
      if (length >= 4) p.put(F.a, at, 4);
      return;
    case RR.AAAA:
      if (length >= 16) p.put(F.aaaa, at, 16);
      return;
    case RR.NS: putDataName(p, F.ns, message, at, dataEnd, end); return;
    case RR.CNAME: putDataName(p, F.cname, message, at, dataEnd, end); return;
    case RR.DNAME: putDataName(p, F.dname, message, at, dataEnd, end); return;
    case RR.PTR: putDataName(p, F.ptr, message, at, dataEnd, end); return;
    case RR.MB: putDataName(p, F.mb, message, at, dataEnd, end); return;
    case RR.MG: putDataName(p, F.mg, message, at, dataEnd, end); return;
    case RR.MR: putDataName(p, F.mr, message, at, dataEnd, end); return;
    case RR.NSEC: putDataName(p, F.nsecNext, message, at, dataEnd, end); return;
    case RR.MX:
      if (length < 3) return;
      p.put(F.mxPreference, at, 2);
      putDataName(p, F.mxExchange, message, at + 2, dataEnd, end);
      return;
    case RR.SOA: putSoa(p, message, at, dataEnd, end); return;
    case RR.TXT:
      for (let q = at; q < dataEnd;) q = putCounted(p, F.txtLength, F.txt, q, dataEnd);
      return;
    case RR.SPF:
      for (let q = at; q < dataEnd;) q = putCounted(p, F.spfLength, F.spf, q, dataEnd);
      return;
    case RR.HINFO:
      putCounted(p, F.hinfoOsLength, F.hinfoOs, putCounted(p, F.hinfoCpuLength, F.hinfoCpu, at, dataEnd), dataEnd);
      return;
    case RR.NULL: p.put(F.nullData, at, length); return;
    case RR.SRV:
      if (length < 7) return;
      p.put(F.srvPriority, at, 2);
      p.put(F.srvWeight, at + 2, 2);
      p.put(F.srvPort, at + 4, 2);
      putDataName(p, F.srvTarget, message, at + 6, dataEnd, end);
      return;
    case RR.NAPTR: {
      if (length < 7) return;
      p.put(F.naptrOrder, at, 2);
      p.put(F.naptrPreference, at + 2, 2);
      let q = putCounted(p, F.naptrFlagsLength, F.naptrFlags, at + 4, dataEnd);
      q = putCounted(p, F.naptrServiceLength, F.naptrService, q, dataEnd);
      q = putCounted(p, F.naptrRegexLength, F.naptrRegex, q, dataEnd);
      p.putInt(F.naptrReplacementLength, q, 0, dataEnd - q);
      putDataName(p, F.naptrReplacement, message, q, dataEnd, end);
      return;
    }
    case RR.OPT: putOptions(p, at, dataEnd); return;
    case RR.SVCB:
    case RR.HTTPS: putService(p, message, at, dataEnd, end); return;
    case RR.CAA: putCaa(p, at, dataEnd); return;
    case RR.KX:
      if (length < 3) return;
      p.put(F.kxPreference, at, 2);
      putDataName(p, F.kxExchange, message, at + 2, dataEnd, end);
      return;
    case RR.AFSDB:
      if (length < 3) return;
      p.put(F.afsdbSubtype, at, 2);
      putDataName(p, F.afsdbHostname, message, at + 2, dataEnd, end);
      return;
    case RR.RP: putDataName(p, F.rpTxt, message, putDataName(p, F.rpMailbox, message, at, dataEnd, end), dataEnd, end); return;
    case RR.MINFO: putDataName(p, F.minfoE, message, putDataName(p, F.minfoR, message, at, dataEnd, end), dataEnd, end); return;
    case RR.LOC: putLayout(p, LOCATION, at, dataEnd); return;
    case RR.WKS:
      if (length < 5) return;
      p.put(F.wksAddress, at, 4);
      p.put(F.wksProtocol, at + 4, 1);
      for (let q = at + 5; q < dataEnd; q++) if (p.bytes[q] !== 0) p.put(F.wksBits, q, 1);
      return;
    default: putSecurityData(p, message, cursor.type, at, dataEnd, end);
  }
}

function putSoa(p: PacketView, message: number, at: number, dataEnd: number, end: number): void {
  const q = putDataName(p, F.soaRname, message, putDataName(p, F.soaMname, message, at, dataEnd, end), dataEnd, end);
  if (q + 20 > dataEnd) return;
  p.put(F.soaSerial, q, 4);
  p.put(F.soaRefresh, q + 4, 4);
  p.put(F.soaRetry, q + 8, 4);
  p.put(F.soaExpire, q + 12, 4);
  p.put(F.soaMinimum, q + 16, 4);
}

const OPT_DAU = 5;
const OPT_DHU = 6;
const OPT_N3U = 7;
const OPT_SUBNET = 8;
const OPT_COOKIE = 10;
const OPT_KEEPALIVE = 11;
const OPT_PADDING = 12;

/** EDNS options (RFC 6891 §6.1.2, RFC 7871, RFC 7873, RFC 7830). */
function putOptions(p: PacketView, at: number, dataEnd: number): void {
  for (let q = at; q + 4 <= dataEnd;) {
    const code = u16be(p.bytes, q);
    const length = Math.min(u16be(p.bytes, q + 2), dataEnd - q - 4);
    const data = q + 4;
    p.open(F.opt, q);
    p.put(F.optCode, q, 2);
    p.put(F.optLen, q + 2, 2);
    p.put(F.optData, data, length);
    if (code === OPT_SUBNET && length >= 4) {
      p.put(F.optFamily, data, 2);
      p.put(F.optNetmask, data + 2, 1);
      p.put(F.optScope, data + 3, 1);
      const family = u16be(p.bytes, data);
      if (family === 1) putPadded(p, F.optSubnet4, data + 4, length - 4, 4);
      else if (family === 2) putPadded(p, F.optSubnet6, data + 4, length - 4, 16);
      else p.put(F.optSubnet, data + 4, length - 4);
    } else if (code === OPT_COOKIE && length >= 8) {
      p.put(F.clientCookie, data, 8);
      p.put(F.serverCookie, data + 8, length - 8);
    } else if (code === OPT_DAU || code === OPT_DHU || code === OPT_N3U) {
      for (let r = data; r < data + length; r++) p.put(code === OPT_DAU ? F.optDau : code === OPT_DHU ? F.optDhu : F.optN3u, r, 1);
    } else if (code === OPT_KEEPALIVE && length === 2) p.put(F.optKeepalive, data, 2);
    else if (code === OPT_PADDING) p.put(F.optPadding, data, length);
    p.close(data + length);
    q = data + length;
  }
}

/** SVCB and HTTPS (RFC 9460 §2.2). */
function putService(p: PacketView, message: number, at: number, dataEnd: number, end: number): void {
  if (dataEnd - at < 3) return;
  p.put(F.svcPriority, at, 2);
  for (let q = putDataName(p, F.svcTarget, message, at + 2, dataEnd, end); q + 4 <= dataEnd;) {
    const key = u16be(p.bytes, q);
    const length = Math.min(u16be(p.bytes, q + 2), dataEnd - q - 4);
    const value = q + 4;
    const valueEnd = value + length;
    p.open(F.svcParam, q);
    p.put(F.svcKey, q, 2);
    p.put(F.svcLength, q + 2, 2);
    if (key === 1) for (let r = value; r < valueEnd;) r = putCounted(p, F.svcAlpnLength, F.svcAlpn, r, valueEnd);
    else if (key === 3 && length >= 2) p.put(F.svcPort, value, 2);
    else if (key === 4) for (let r = value; r + 4 <= valueEnd; r += 4) p.put(F.svcIpv4, r, 4);
    else if (key === 5) p.put(F.svcEch, value, length);
    else if (key === 6) for (let r = value; r + 16 <= valueEnd; r += 16) p.put(F.svcIpv6, r, 16);
    else if (length > 0) p.put(F.svcValue, value, length);
    p.close(valueEnd);
    q = valueEnd;
  }
}

function putCaa(p: PacketView, at: number, dataEnd: number): void {
  if (dataEnd - at < 2) return;
  const tagLength = Math.min(p.bytes[at + 1], dataEnd - at - 2);
  p.put(F.caaFlags, at, 1);
  p.put(F.caaTagLength, at + 1, 1);
  p.put(F.caaTag, at + 2, tagLength);
  p.put(F.caaValue, at + 2 + tagLength, dataEnd - at - 2 - tagLength);
}
