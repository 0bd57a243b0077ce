import { u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { dhcpFields } from '../codecs/dhcp-fields.ts';
import { AT_CHADDR, AT_FILE, AT_HLEN, AT_HTYPE, AT_SNAME, DHCP_COOKIE, DHCP_HEADER, OPTION, looksLikeDhcp } from '../codecs/dhcp-message.ts';
import { DhcpSession } from '../codecs/dhcp-session.ts';

const F = dhcpFields;
const ETHERNET = 1;

/** Fields of options with one value, or a list of values of the same size, by option. */
const SINGLE: Readonly<Record<number, Field>> = {
  [OPTION.HOSTNAME]: F.hostname, [OPTION.DOMAIN_NAME]: F.domainName, [OPTION.MTU]: F.interfaceMtu, [OPTION.NETBIOS_NODE]: F.netbiosNode, [OPTION.LEASE]: F.lease,
  [OPTION.OVERLOAD]: F.overload, [OPTION.MESSAGE_TYPE]: F.message, [OPTION.MESSAGE]: F.text, [OPTION.MAX_SIZE]: F.maxSize, [OPTION.RENEWAL]: F.renewal,
  [OPTION.REBINDING]: F.rebinding, [OPTION.VENDOR_CLASS]: F.vendorClass, [OPTION.BOOTFILE]: F.bootfile, [OPTION.AUTO_CONFIGURE]: F.autoConfigure,
};
const ADDRESSES: Readonly<Record<number, Field>> = {
  [OPTION.SUBNET_MASK]: F.subnetMask, [OPTION.ROUTER]: F.router, [OPTION.TIME_SERVER]: F.timeServer, [OPTION.NAME_SERVER]: F.nameServer,
  [OPTION.DOMAIN_NAME_SERVER]: F.domainNameServer, [OPTION.BROADCAST]: F.broadcast, [OPTION.NTP]: F.ntpServer, [OPTION.NETBIOS_SERVER]: F.netbiosServer,
  [OPTION.REQUESTED_IP]: F.requestedIp, [OPTION.SERVER_ID]: F.serverId,
};

/** DHCP for IPv4, and BOOTP before it. */
export const dhcp = defineDissector({
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  spec: ['RFC 951', 'RFC 2131', 'RFC 2132', 'RFC 4702'],
  over: { 'udp.port': [67, 68, 4011] },
  fields: dhcpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < AT_SNAME) return p.tooShort(AT_SNAME);
    if (b[at] !== 1 && b[at] !== 2) return DECLINE;
    const hwLength = b[at + AT_HLEN];
    p.put(F.hwType, at + AT_HTYPE, 1);
    if (hwLength === 6 && b[at + AT_HTYPE] === ETHERNET) p.put(F.mac, at + AT_CHADDR, 6);
    else if (hwLength > 0) p.put(F.hwAddress, at + AT_CHADDR, Math.min(hwLength, 16));
    if (hwLength < 16) p.put(F.hwPadding, at + AT_CHADDR + hwLength, 16 - hwLength);
    if (end - at < DHCP_HEADER) return p.tooShort(DHCP_HEADER);
    putTerminated(p, F.server, at + AT_SNAME, 64);
    putTerminated(p, F.file, at + AT_FILE, 128);
    if (end - at < DHCP_HEADER + 4) return end < p.wireEnd ? p.tooShort(DHCP_HEADER + 4) : DONE;
    p.put(F.cookie, at + DHCP_HEADER, 4);
    return u32be(b, at + DHCP_HEADER) === DHCP_COOKIE ? putOptions(p, at, at + DHCP_HEADER + 4, end) : DONE;
  },
  sessions: [{
    service: 'dhcp',
    transport: 'udp',
    ports: [67, 68],
    recognise: (b, at, end) => (looksLikeDhcp(b, at, end) ? 'yes' : 'no'),
    create: () => new DhcpSession(),
  }],
  info: (row) => `DHCP ${row.text(F.message)} - Transaction ID ${row.text(F.id)}`,
});

/** Text up to its first NUL. */
function putTerminated(p: PacketView, f: Field, at: number, size: number): void {
  let n = 0;
  while (n < size && p.bytes[at + n] !== 0) n++;
  p.put(f, at, n);
}

function putOptions(p: PacketView, message: number, at: number, end: number): number {
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
    putOption(p, type, q + 2, length);
    q += 2 + length;
  }
  return DONE;
}

function putOption(p: PacketView, type: number, at: number, length: number): void {
  const end = at + length;
  const addresses = ADDRESSES[type];
  if (addresses !== undefined) {
    for (let q = at; q + 4 <= end; q += 4) p.put(addresses, q, 4);
    return;
  }
  const single = SINGLE[type];
  if (single !== undefined) {
    if (single.type === 'string') putTerminated(p, single, at, length);
    else if (length > 0) p.put(single, at, length);
    return;
  }
  if (type === OPTION.PARAMETER_LIST) for (let q = at; q < end; q++) p.put(F.requestItem, q, 1);
  else if (type === OPTION.CLIENT_ID && length === 7 && p.bytes[at] === ETHERNET) {
    p.put(F.hwType, at, 1);
    p.put(F.mac, at + 1, 6);
  } else if (type === OPTION.FQDN && length >= 3) {
    p.put(F.fqdnFlags, at, 1);
    if (length > 3) p.put(F.fqdnName, at + 3, length - 3);
  }
}
export default dhcp;
