import { toHex, u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { macText } from '../field-text.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { dhcpFields as F } from './dhcp-fields.ts';
import { OPTION } from './dhcp-message.ts';

const ETHERNET = 1;
const IAID_AND_DUID = 255;
const UNDEFINED = 0;
const STATIC_ROUTE = 33;
const VENDOR = 43;
const USER_CLASS = 77;
const RELAY_AGENT = 82;

/** Fields of options with one value, or a text, by option (RFC 2132 and the IANA registry). */
const SINGLE: Readonly<Record<number, Field>> = {
  2: F.timeOffset, [OPTION.HOSTNAME]: F.hostname, 13: F.bootFileSize, [OPTION.DOMAIN_NAME]: F.domainName, 17: F.rootPath, 19: F.ipForwarding, 23: F.defaultTtl,
  [OPTION.MTU]: F.interfaceMtu, 31: F.routerDiscover, 40: F.nisDomain, [VENDOR]: F.vendorValue, [OPTION.NETBIOS_NODE]: F.netbiosNode, 47: F.netbiosScope,
  [OPTION.LEASE]: F.lease, [OPTION.OVERLOAD]: F.overload, [OPTION.MESSAGE_TYPE]: F.message, [OPTION.MESSAGE]: F.text, [OPTION.MAX_SIZE]: F.maxSize,
  [OPTION.RENEWAL]: F.renewal, [OPTION.REBINDING]: F.rebinding, [OPTION.VENDOR_CLASS]: F.vendorClass, 66: F.tftpName, [OPTION.BOOTFILE]: F.bootfile,
  91: F.lastTransaction, 93: F.architecture, 100: F.tzPosix, 101: F.tzName, 114: F.captivePortal, [OPTION.AUTO_CONFIGURE]: F.autoConfigure,
  121: F.classlessRoute, 249: F.classlessRoute, 252: F.proxyDiscovery,
};
const ADDRESSES: Readonly<Record<number, Field>> = {
  [OPTION.SUBNET_MASK]: F.subnetMask, [OPTION.ROUTER]: F.router, [OPTION.TIME_SERVER]: F.timeServer, [OPTION.NAME_SERVER]: F.nameServer,
  [OPTION.DOMAIN_NAME_SERVER]: F.domainNameServer, 7: F.logServer, 9: F.lprServer, [OPTION.BROADCAST]: F.broadcast, 41: F.nisServer, [OPTION.NTP]: F.ntpServer,
  [OPTION.NETBIOS_SERVER]: F.netbiosServer, 45: F.netbiosDatagram, [OPTION.REQUESTED_IP]: F.requestedIp, [OPTION.SERVER_ID]: F.serverId, 69: F.smtpServer,
  70: F.pop3Server, 92: F.associatedIp, 118: F.subnetSelection, 150: F.tftpAddress,
};
/** Sub-options of a relay agent (RFC 3046 §3). */
const AGENT: Readonly<Record<number, Field>> = { 1: F.agentCircuit, 2: F.agentRemote, 5: F.agentLink, 6: F.agentSubscriber, 11: F.agentServer };
const FQDN_PART = layout({ 0: [F.fqdnFlags, F.fqdnMbz, F.fqdnN, F.fqdnE, F.fqdnO, F.fqdnS], 1: F.fqdnRcode1, 2: F.fqdnRcode2 });
const LINK_TIME = layout({ 0: F.clientLltType, 2: F.clientTime });

/** What options say that the rest of the message depends on. */
export class DhcpOptions {
  /** Bits of RFC 2132 §9.3: 1 = the file's name, 2 = the server's name holds options. */
  overload = 0;
  /** False in a message of BOOTP. */
  hasMessage = false;

  begin(): void {
    this.overload = 0;
    this.hasMessage = false;
  }
}

/** Puts options up to `end`. */
export function putDhcpOptions(p: PacketView, options: DhcpOptions, message: number, at: number, end: number): number {
  const b = p.bytes;
  for (let q = at; q < end;) {
    const type = b[q];
    if (type === OPTION.PAD) {
      let n = 1;
      while (q + n < end && b[q + n] === OPTION.PAD) n++;
      p.put(F.padding, q, n);
      q += n;
      continue;
    }
    if (type === OPTION.END) {
      // Wireshark shows the end as option 0 with a field of its own.
      p.putInt(F.optionType, q, 1, 0);
      p.put(F.optionEnd, q, 1);
      if (q + 1 < end) p.put(F.padding, q + 1, end - q - 1);
      return DONE;
    }
    // Cut by the capture, or an option that its sender made too long: `tooShort` tells which.
    if (q + 2 > end || q + 2 + b[q + 1] > end) return p.tooShort((q + 2 > end ? q + 2 : q + 2 + b[q + 1]) - message);
    const length = b[q + 1];
    p.putInt(F.optionType, q, 2 + length, type);
    p.put(F.optionLength, q + 1, 1);
    p.put(F.optionValue, q + 2, length);
    if (type === OPTION.MESSAGE_TYPE) options.hasMessage = true;
    if (type === OPTION.OVERLOAD && length === 1) options.overload |= b[q + 2];
    putOption(p, type, q + 2, length);
    q += 2 + length;
  }
  return DONE;
}

function putOption(p: PacketView, type: number, at: number, length: number): void {
  const b = p.bytes;
  const end = at + length;
  const addresses = ADDRESSES[type];
  if (addresses !== undefined) {
    for (let q = at; q + 4 <= end; q += 4) p.put(addresses, q, 4);
    return;
  }
  const single = SINGLE[type];
  if (single !== undefined) {
    if (length > 0) p.put(single, at, length);
    return;
  }
  switch (type) {
    case OPTION.PARAMETER_LIST: for (let q = at; q < end; q++) p.put(F.requestItem, q, 1); return;
    case OPTION.CLIENT_ID: putClient(p, at, end); return;
    case OPTION.FQDN:
      putLayout(p, FQDN_PART, at, end);
      if (length > 3) p.put(F.fqdnName, at + 3, length - 3);
      return;
    case STATIC_ROUTE:
      for (let q = at; q + 8 <= end; q += 8) {
        p.put(F.staticRoute, q, 4);
        p.put(F.staticRouter, q + 4, 4);
      }
      return;
    case USER_CLASS: putUserClasses(p, at, end); return;
    case RELAY_AGENT:
      for (let q = at; q + 2 <= end && q + 2 + b[q + 1] <= end; q += 2 + b[q + 1]) {
        p.put(F.agentSuboption, q, 1);
        if (b[q + 1] > 0) p.put(AGENT[b[q]] ?? F.agentValue, q + 2, b[q + 1]);
      }
      return;
    default:
  }
}

/** Who the client is: a hardware address, an association with a DUID, or what it likes (RFC 2132 §9.14, RFC 4361 §6.1). */
function putClient(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const length = end - at;
  if (length === 7 && b[at] === ETHERNET) {
    p.put(F.hwType, at, 1);
    p.put(F.mac, at + 1, 6);
  } else if (length >= 7 && b[at] === IAID_AND_DUID) {
    if (p.wants(F.clientIaid)) p.putText(F.clientIaid, at + 1, 4, toHex(b, at + 1, at + 5));
    p.put(F.clientDuidType, at + 5, 2);
    const duid = u16be(b, at + 5);
    const body = at + 7;
    if (duid === 1 && putLayout(p, LINK_TIME, body, end)) putLink(p, u16be(b, body), body + LINK_TIME.length, end);
    else if (duid === 3 && body + 2 <= end) {
      p.put(F.clientLlType, body, 2);
      putLink(p, u16be(b, body), body + 2, end);
    }
  } else if (length === 17 && b[at] === UNDEFINED) p.put(F.clientUuid, at + 1, 16);
  else if (length > 0 && b[at] === UNDEFINED) {
    p.put(F.clientIdType, at, 1);
    if (length > 1) p.put(F.clientUndefined, at + 1, length - 1);
  }
}

function putLink(p: PacketView, hardware: number, at: number, end: number): void {
  if (end <= at || !p.wants(F.clientLink)) return;
  p.putText(F.clientLink, at, end - at, hardware === ETHERNET && end - at === 6 ? macText(p.bytes, at) : toHex(p.bytes, at, end, ':'));
}

/** Classes of the user (RFC 3004 §4); senders that do not count them write one text. */
function putUserClasses(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let q = at;
  while (q < end && b[q] > 0) q += 1 + b[q];
  if (q !== end) {
    p.put(F.userClassText, at, end - at);
    return;
  }
  for (let k = at, n = 0; k < end; k += 1 + b[k], n++) {
    p.putInt(F.userClass, k, 1 + b[k], n);
    p.put(F.userClassLength, k, 1);
    p.put(F.userClassData, k + 1, b[k]);
  }
}
