import { u32be } from '../../base/bytes.ts';

/** Bytes before the options: header and magic cookie (RFC 2131 §2). */
export const DHCP_HEADER = 236;
export const DHCP_COOKIE = 0x63825363;

// Offsets in the header.
export const AT_HTYPE = 1;
export const AT_HLEN = 2;
export const AT_XID = 4;
export const AT_SECS = 8;
export const AT_YOUR = 16;
export const AT_CHADDR = 28;
export const AT_SNAME = 44;
export const AT_FILE = 108;

/** Options that are read (RFC 2132, RFC 4702). */
export const OPTION = {
  PAD: 0, SUBNET_MASK: 1, ROUTER: 3, TIME_SERVER: 4, NAME_SERVER: 5, DOMAIN_NAME_SERVER: 6, HOSTNAME: 12, DOMAIN_NAME: 15, MTU: 26, BROADCAST: 28, NTP: 42,
  NETBIOS_SERVER: 44, NETBIOS_NODE: 46, REQUESTED_IP: 50, LEASE: 51, OVERLOAD: 52, MESSAGE_TYPE: 53, SERVER_ID: 54, PARAMETER_LIST: 55, MESSAGE: 56,
  MAX_SIZE: 57, RENEWAL: 58, REBINDING: 59, VENDOR_CLASS: 60, CLIENT_ID: 61, BOOTFILE: 67, FQDN: 81, AUTO_CONFIGURE: 116, END: 255,
} as const;

/** True where a BOOTP header with DHCP's cookie stands at `at`. */
export function looksLikeDhcp(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= DHCP_HEADER + 4 && (b[at] === 1 || b[at] === 2) && b[at + AT_HLEN] <= 16 && u32be(b, at + DHCP_HEADER) === DHCP_COOKIE;
}
