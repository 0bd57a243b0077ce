import { fromHex } from '../base/bytes.ts';
import { parseIp } from '../base/ip.ts';

// What the registries say of an address, as bits of `ip_special_mask`.
const RESERVED = 1;
const GLOBAL = 2;
const FORWARDABLE = 4;
const DESTINATION = 8;
const SOURCE = 16;

/** A block of the IANA registries of special-purpose addresses (RFC 6890, RFC 8190). */
export interface SpecialBlock {
  readonly name: string;
  readonly mask: number;
  /** The block's first address. */
  readonly bytes: Uint8Array;
  readonly prefix: number;
}

function block(address: string, prefix: number, name: string, mask: number): SpecialBlock {
  const hex = parseIp(address)!;
  return { name, mask, bytes: fromHex(address.includes(':') ? hex : hex.slice(-8))!, prefix };
}

const IPV4 = [
  block('0.0.0.0', 8, 'This network', SOURCE | RESERVED),
  block('0.0.0.0', 32, 'This host on this network', SOURCE | RESERVED),
  block('10.0.0.0', 8, 'Private-Use', SOURCE | DESTINATION | FORWARDABLE),
  block('100.64.0.0', 10, 'Shared Address Space', SOURCE | DESTINATION | FORWARDABLE),
  block('127.0.0.0', 8, 'Loopback', RESERVED),
  block('169.254.0.0', 16, 'Link Local', SOURCE | DESTINATION | RESERVED),
  block('172.16.0.0', 12, 'Private-Use', SOURCE | DESTINATION | FORWARDABLE),
  block('192.0.0.0', 24, 'IETF Protocol Assignments', 0),
  block('192.0.0.0', 29, 'IPv4 Service Continuity Prefix', SOURCE | DESTINATION | FORWARDABLE),
  block('192.0.0.8', 32, 'IPv4 dummy address', SOURCE),
  block('192.0.0.9', 32, 'Port Control Protocol Anycast', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('192.0.0.10', 32, 'Traversal Using Relays around NAT Anycast', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('192.0.0.170', 31, 'NAT64/DNS64 Discovery', RESERVED),
  block('192.0.2.0', 24, 'Documentation (TEST-NET-1)', 0),
  block('192.31.196.0', 24, 'AS112-v4', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('192.52.193.0', 24, 'AMT', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('192.168.0.0', 16, 'Private-Use', SOURCE | DESTINATION | FORWARDABLE),
  block('192.175.48.0', 24, 'Direct Delegation AS112 Service', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('198.18.0.0', 15, 'Benchmarking', SOURCE | DESTINATION | FORWARDABLE),
  block('198.51.100.0', 24, 'Documentation (TEST-NET-2)', 0),
  block('203.0.113.0', 24, 'Documentation (TEST-NET-3)', 0),
  block('240.0.0.0', 4, 'Reserved', RESERVED),
  block('255.255.255.255', 32, 'Limited Broadcast', DESTINATION | RESERVED),
];
const IPV6 = [
  block('::1', 128, 'Loopback Address', RESERVED),
  block('::', 128, 'Unspecified Address', SOURCE | RESERVED),
  block('::ffff:0:0', 96, 'IPv4-mapped Address', RESERVED),
  block('64:ff9b::', 96, 'IPv4-IPv6 Translat.', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('64:ff9b:1::', 48, 'IPv4-IPv6 Translat.', SOURCE | DESTINATION | FORWARDABLE),
  block('100::', 64, 'Discard-Only Address Block', SOURCE | DESTINATION | FORWARDABLE),
  block('2001::', 23, 'IETF Protocol Assignments', 0),
  block('2001::', 32, 'TEREDO', SOURCE | DESTINATION | FORWARDABLE),
  block('2001:1::1', 128, 'Port Control Protocol Anycast', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('2001:1::2', 128, 'Traversal Using Relays around NAT Anycast', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('2001:2::', 48, 'Benchmarking', SOURCE | DESTINATION | FORWARDABLE),
  block('2001:3::', 32, 'AMT', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('2001:4:112::', 48, 'AS112-v6', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('2001:20::', 28, 'ORCHIDv2', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('2001:db8::', 32, 'Documentation', 0),
  block('2002::', 16, '6to4', SOURCE | DESTINATION | FORWARDABLE),
  block('2620:4f:8000::', 48, 'Direct Delegation AS112 Service', SOURCE | DESTINATION | FORWARDABLE | GLOBAL),
  block('fc00::', 7, 'Unique-Local', SOURCE | DESTINATION | FORWARDABLE),
  block('fe80::', 10, 'Link-Local Unicast', SOURCE | DESTINATION | RESERVED),
];

/** The smallest special-purpose block that an address of 4 or 16 bytes lies in. */
export function findSpecialBlock(address: Uint8Array): SpecialBlock | undefined {
  let best: SpecialBlock | undefined;
  for (const b of address.length === 4 ? IPV4 : IPV6) if (inBlock(address, b.bytes, b.prefix) && (best === undefined || b.prefix > best.prefix)) best = b;
  return best;
}

/** True where the first `prefix` bits are those of `network`. */
function inBlock(address: Uint8Array, network: Uint8Array, prefix: number): boolean {
  const whole = prefix >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== network[i]) return false;
  const mask = (0xff00 >> (prefix & 7)) & 0xff;
  return mask === 0 || (address[whole] & mask) === (network[whole] & mask);
}

/** Link-local addresses: 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291 §2.5.6). */
export function isLinkLocal(a: Uint8Array): boolean {
  return a.length === 4 ? a[0] === 169 && a[1] === 254 : a[0] === 0xfe && (a[1] & 0xc0) === 0x80;
}

/** Multicast addresses: 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291 §2.7). */
export function isMulticast(a: Uint8Array): boolean {
  return a.length === 4 ? a[0] >> 4 === 14 : a[0] === 0xff;
}

/** Private IPv4 addresses (RFC 1918 §3). */
export function isPrivate(a: Uint8Array): boolean {
  return a.length === 4 && (a[0] === 10 || (a[0] === 172 && a[1] >> 4 === 1) || (a[0] === 192 && a[1] === 168));
}

/** Unique local IPv6 addresses, fc00::/7 (RFC 4193 §3.1). */
export function isUniqueLocal(a: Uint8Array): boolean {
  return a.length === 16 && (a[0] & 0xfe) === 0xfc;
}
