import { toHex, u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { macText } from '../field-text.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { DHCPV6_OPTIONS, dhcpv6Fields as F } from './dhcpv6-fields.ts';

const MAX_DEPTH = 8;
/** Seconds from 1970 to 2000, where the time of a DUID begins (RFC 8415 §11.2). */
const YEAR_2000 = 946_684_800;
const ETHERNET = 1;

// Option codes (RFC 8415 §21).
const CLIENT_ID = 1;
const SERVER_ID = 2;
const IA_NA = 3;
const IA_TA = 4;
const IA_ADDRESS = 5;
const OPTION_REQUEST = 6;
const RELAY_MESSAGE = 9;
const AUTHENTICATION = 11;
const STATUS_CODE = 13;
const USER_CLASS = 15;
const VENDOR_CLASS = 16;
const VENDOR_OPTIONS = 17;
const SIP_DOMAINS = 21;
const SEARCH_LIST = 24;
const IA_PD = 25;
const IA_PREFIX = 26;
const NIS_DOMAIN = 29;
const NISP_DOMAIN = 30;
const REMOTE_ID = 37;
const ELAPSED_TIME = 8;
const FQDN = 39;
const NTP_SERVER = 56;
const AFTR_NAME = 64;

/** Options with one value of a fixed size. */
const VALUES: Readonly<Record<number, Field>> = {
  7: F.optionPreference, 12: F.unicast, 19: F.reconfMsg, 32: F.lifetime, 135: F.relayPort,
};
/** Options that are all one text or one row of bytes. */
const WHOLE: Readonly<Record<number, Field>> = { 18: F.interfaceId, 38: F.subscriberId, 41: F.timezone, 42: F.tzdb, 103: F.captivePortal, 112: F.mudurl };
const ADDRESSES: Readonly<Record<number, Field>> = {
  22: F.sipServerA, 23: F.dnsServer, 27: F.nisServer, 28: F.nispServer, 31: F.sntpServer, 34: F.bcmcsServerA, 40: F.panaAgent, 52: F.capwapAcV6,
};
const NAMES: Readonly<Record<number, Field>> = {
  [SIP_DOMAINS]: F.sipServerDomainSearchFqdn, [SEARCH_LIST]: F.searchListEntry, [NIS_DOMAIN]: F.nisFqdn, [NISP_DOMAIN]: F.nispFqdn, 33: F.bcmcsServerFqdn,
  [AFTR_NAME]: F.aftrName,
};
const ADDRESS_PART = layout({ 0: F.iaaddrIp, 16: F.iaaddrPrefLifetime, 20: F.iaaddrValidLifetime });
const PREFIX_PART = layout({ 0: F.iaprefixPrefLifetime, 4: F.iaprefixValidLifetime, 8: F.iaprefixPrefLen, 9: F.iaprefixPrefAddr });
const AUTHENTICATION_PART = layout({ 0: F.authProtocol, 1: F.authAlgorithm, 2: F.authRdm, 3: [[F.authReplayDetection, 8]] });
const TIMERS = layout({ 4: F.iaidT1, 8: F.iaidT2 });
const RELAY_PART: Layout = layout({ 0: F.msgtype, 1: F.hopcount, 2: F.linkaddr, 18: F.peeraddr });

/** Puts options up to `end`; relayed messages and associations hold further ones. */
export function putDhcpv6Options(p: PacketView, message: number, at: number, end: number, depth: number): number {
  const b = p.bytes;
  for (let i = at; i < end;) {
    if (i + 4 > end) return p.tooShort(i + 4 - message);
    const code = u16be(b, i);
    const value = i + 4;
    const next = value + u16be(b, i + 2);
    if (p.wants(F.optionTypeStr)) p.putText(F.optionTypeStr, i, Math.min(next, end) - i, DHCPV6_OPTIONS[code] ?? 'Unknown');
    p.put(F.optionType, i, 2);
    p.put(F.optionLength, i + 2, 2);
    if (next > end) return p.tooShort(next - message);
    const verdict = putValue(p, message, code, value, next, depth);
    if (verdict !== DONE) return verdict;
    i = next;
  }
  return DONE;
}

function putValue(p: PacketView, message: number, code: number, at: number, end: number, depth: number): number {
  const b = p.bytes;
  const length = end - at;
  const single = VALUES[code] ?? WHOLE[code];
  if (single !== undefined) {
    if (length > 0) p.put(single, at, length);
    return DONE;
  }
  const address = ADDRESSES[code];
  if (address !== undefined) for (let i = at; i + 16 <= end; i += 16) p.put(address, i, 16);
  const name = NAMES[code];
  if (name !== undefined) for (let i = at; i < end;) i = putName(p, name, i, end, true);
  switch (code) {
    case CLIENT_ID: case SERVER_ID: putDuid(p, at, end); return DONE;
    case IA_NA: case IA_PD:
      if (length < 12) return DONE;
      if (p.wants(F.iaid)) p.putText(F.iaid, at, 4, toHex(b, at, at + 4));
      putLayout(p, TIMERS, at, end);
      return depth < MAX_DEPTH ? putDhcpv6Options(p, message, at + 12, end, depth + 1) : DONE;
    case IA_TA:
      if (length < 4) return DONE;
      if (p.wants(F.iata)) p.putText(F.iata, at, 4, toHex(b, at, at + 4));
      return depth < MAX_DEPTH ? putDhcpv6Options(p, message, at + 4, end, depth + 1) : DONE;
    case IA_ADDRESS:
      if (!putLayout(p, ADDRESS_PART, at, end)) return DONE;
      return depth < MAX_DEPTH ? putDhcpv6Options(p, message, at + ADDRESS_PART.length, end, depth + 1) : DONE;
    case IA_PREFIX:
      if (!putLayout(p, PREFIX_PART, at, end)) return DONE;
      return depth < MAX_DEPTH ? putDhcpv6Options(p, message, at + PREFIX_PART.length, end, depth + 1) : DONE;
    case OPTION_REQUEST: for (let i = at; i + 2 <= end; i += 2) p.put(F.requestedOptionCode, i, 2); return DONE;
    case RELAY_MESSAGE: return depth < MAX_DEPTH ? putRelayed(p, message, at, end, depth + 1) : DONE;
    case AUTHENTICATION:
      if (!putLayout(p, AUTHENTICATION_PART, at, end)) return DONE;
      if (b[at] === 2 && length >= 31) {
        p.put(F.authRealm, at + 11, length - 31);
        p.put(F.authKeyId, end - 20, 4);
        p.put(F.authMd5Data, end - 16, 16);
      } else if (length > 11) p.put(F.authInfo, at + 11, length - 11);
      return DONE;
    case STATUS_CODE:
      if (length < 2) return DONE;
      p.put(F.statusCode, at, 2);
      if (length > 2) p.put(F.statusMsg, at + 2, length - 2);
      return DONE;
    // Hundredths of a second, shown in thousandths.
    case ELAPSED_TIME: if (length === 2) p.putInt(F.elapsedTime, at, 2, 10 * u16be(b, at)); return DONE;
    case USER_CLASS: putCounted(p, F.userclassLength, F.userclassOpaqueData, at, end); return DONE;
    case VENDOR_CLASS:
      if (length < 4) return DONE;
      p.put(F.vendorclassEnterprise, at, 4);
      putCounted(p, undefined, F.vendorclassData, at + 4, end);
      return DONE;
    case VENDOR_OPTIONS: putVendor(p, at, end); return DONE;
    case REMOTE_ID:
      if (length < 4) return DONE;
      p.put(F.remoteidEnterprise, at, 4);
      p.put(F.remoteidEnterpriseId, at + 4, length - 4);
      return DONE;
    case FQDN:
      if (length < 1) return DONE;
      p.put(F.clientFqdnFlags, at, 1);
      // What the client asks and what the server tells have the same bits (RFC 4704 §4.1).
      if (b[message] === 2 || b[message] === 7) {
        p.put(F.clientfqdnServerN, at, 1);
        p.put(F.clientfqdnServerO, at, 1);
        p.put(F.clientfqdnServerS, at, 1);
      } else {
        p.put(F.clientfqdnClientN, at, 1);
        p.put(F.clientfqdnClientS, at, 1);
      }
      if (length > 1) putName(p, F.clientDomain, at + 1, end, false);
      return DONE;
    case NTP_SERVER: putTimeServers(p, at, end); return DONE;
    default: return DONE;
  }
}

/** A message in a relay's one: a relayed one again, or a client's. */
function putRelayed(p: PacketView, message: number, at: number, end: number, depth: number): number {
  if (end - at < 4) return p.tooShort(at + 4 - message);
  if (p.bytes[at] === 12 || p.bytes[at] === 13) {
    if (!putLayout(p, RELAY_PART, at, end)) return p.tooShort(at + RELAY_PART.length - message);
    return putDhcpv6Options(p, message, at + RELAY_PART.length, end, depth);
  }
  p.put(F.msgtype, at, 1);
  p.put(F.xid, at + 1, 3);
  return putDhcpv6Options(p, message, at + 4, end, depth);
}

/** Who a client or server is (RFC 8415 §11). */
function putDuid(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 2) return;
  const type = u16be(b, at);
  p.put(F.duidBytes, at, end - at);
  p.put(F.duidType, at, 2);
  if (type === 1 && end - at >= 8) {
    p.put(F.duidlltHwtype, at + 2, 2);
    p.putTime(F.duidlltTime, at + 4, 4, u32be(b, at + 4) + YEAR_2000, 0);
    if (end > at + 8 && p.wants(F.duidlltLinkLayerAddr)) p.putText(F.duidlltLinkLayerAddr, at + 8, end - at - 8, linkText(b, u16be(b, at + 2), at + 8, end));
  } else if (type === 2 && end - at >= 6) {
    p.put(F.duidenEnterprise, at + 2, 4);
    if (end > at + 6) p.put(F.duidenIdentifier, at + 6, end - at - 6);
  } else if (type === 3 && end - at >= 4) {
    p.put(F.duidllHwtype, at + 2, 2);
    if (end > at + 4 && p.wants(F.duidllLinkLayerAddr)) p.putText(F.duidllLinkLayerAddr, at + 4, end - at - 4, linkText(b, u16be(b, at + 2), at + 4, end));
  } else if (type === 4 && end - at > 2) p.put(F.duiduuidBytes, at + 2, end - at - 2);
}

function linkText(b: Uint8Array, hardware: number, at: number, end: number): string {
  return hardware === ETHERNET && end - at === 6 ? macText(b, at) : toHex(b, at, end, ':');
}

/** Puts a name of labels (RFC 1035 §3.1), with a dot at its end where `dotted` and it is whole; returns where it ends. */
function putName(p: PacketView, f: Field, at: number, end: number, dotted: boolean): number {
  const b = p.bytes;
  let i = at;
  while (i < end && b[i] !== 0 && b[i] < 64) i += 1 + b[i];
  const whole = i < end && b[i] === 0;
  const next = Math.min(end, whole ? i + 1 : Math.max(i, at + 1));
  if (p.wants(f)) {
    let text = '';
    for (let k = at; k < next && b[k] !== 0; k += 1 + b[k]) text += `${text === '' ? '' : '.'}${p.host.utf8(b, k + 1, Math.min(end, k + 1 + b[k]))}`;
    p.putText(f, at, next - at, whole && (dotted || text.includes('.')) ? `${text}.` : text);
  }
  return next;
}

/** Values behind lengths of two bytes. */
function putCounted(p: PacketView, length: Field | undefined, f: Field, at: number, end: number): void {
  for (let i = at; i + 2 <= end;) {
    const next = i + 2 + u16be(p.bytes, i);
    if (length !== undefined) p.put(length, i, 2);
    if (next > end) return;
    p.put(f, i + 2, next - i - 2);
    i = next;
  }
}

function putVendor(p: PacketView, at: number, end: number): void {
  if (end - at < 4) return;
  p.put(F.vendoroptsEnterprise, at, 4);
  for (let i = at + 4; i + 4 <= end;) {
    const next = i + 4 + u16be(p.bytes, i + 2);
    p.put(F.vendoroptsEnterpriseOptionCode, i, 2);
    p.put(F.vendoroptsEnterpriseOptionLength, i + 2, 2);
    if (next > end) return;
    if (next > i + 4) p.put(F.vendoroptsEnterpriseOptionData, i + 4, next - i - 4);
    i = next;
  }
}

/** Servers by address, by group, by name (RFC 5908 §4). */
function putTimeServers(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 4 <= end;) {
    const type = u16be(p.bytes, i);
    const next = Math.min(end, i + 4 + u16be(p.bytes, i + 2));
    p.put(F.ntpserverOptionType, i, 2);
    p.put(F.ntpserverOptionLength, i + 2, 2);
    if (type === 3) putName(p, F.ntpserverFqdn, i + 4, next, true);
    else if (next - i >= 20) p.put(type === 1 ? F.ntpserverAddr : F.ntpserverMcAddr, i + 4, 16);
    i = next;
  }
}
