import { u16be } from '../base/bytes.ts';
import { isIpv4, type IpHex } from '../base/ip.ts';

/** One conversation; either direction is meant. Ports are 0 where the protocol has none. */
export interface Conversation {
  readonly proto: number;
  readonly src: IpHex;
  readonly srcPort: number;
  readonly dst: IpHex;
  readonly dstPort: number;
}

/** Which packets of a store are wanted: those of any of the hosts, or of any of the conversations. */
export interface PacketSelection {
  readonly hosts: readonly IpHex[];
  readonly conversations: readonly Conversation[];
}

/** True where `bytes[at, end)`, a packet of this link type, is wanted. */
export type PacketPredicate = (bytes: Uint8Array, at: number, end: number, linkType: number) => boolean;

/** An address as it stands in packets: 4 or 16 bytes. */
interface Endpoint {
  readonly bytes: Uint8Array;
}

const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;
const VLAN_TPIDS = new Set([0x8100, 0x88a8, 0x9100]);
const ICMP = 1;
const ICMPV6 = 58;
const FRAGMENT = 44;
/** IPv6 extension headers that carry their own length (RFC 8200 §4): hop-by-hop, routing, destination options; AH counts otherwise. */
const LENGTH_IN_8 = new Set([0, 43, 60]);
const AH = 51;

/**
 * Compiles a selection. Nothing selected = every packet.
 *
 * A host's packets are those from and to it, ARP and neighbour discovery that ask for it, and ICMP errors that quote one of its
 * packets. Later fragments of a conversation have no ports; they are taken by addresses and protocol.
 */
export function packetPredicate(selection: PacketSelection): PacketPredicate {
  const hosts = selection.hosts.map(endpoint);
  const talks = selection.conversations.map((c) => ({ ...c, a: endpoint(c.src), b: endpoint(c.dst) }));
  if (hosts.length === 0 && talks.length === 0) return () => true;

  const isHost = (b: Uint8Array, at: number, end: number, width: number): boolean => {
    for (let i = 0; i < hosts.length; i++) if (same(hosts[i], b, at, end, width)) return true;
    return false;
  };

  const wantedIp = (b: Uint8Array, at: number, end: number, quoted: boolean): boolean => {
    if (at >= end) return false;
    const version = b[at] >> 4;
    if (version !== 4 && version !== 6) return false;
    const width = version === 4 ? 4 : 16;
    const srcAt = at + (version === 4 ? 12 : 8);
    const dstAt = srcAt + width;
    if (dstAt + width > end) return false;
    if (isHost(b, srcAt, end, width) || isHost(b, dstAt, end, width)) return true;
    let proto = version === 4 ? b[at + 9] : b[at + 6];
    let l4 = version === 4 ? at + (b[at] & 15) * 4 : at + 40;
    let later = version === 4 && (u16be(b, at + 6) & 0x1fff) !== 0;
    while (version === 6 && l4 + 8 <= end && (LENGTH_IN_8.has(proto) || proto === FRAGMENT || proto === AH)) {
      if (proto === FRAGMENT) later = later || (u16be(b, l4 + 2) & 0xfff8) !== 0;
      const length = proto === FRAGMENT ? 8 : proto === AH ? (b[l4 + 1] + 2) * 4 : (b[l4 + 1] + 1) * 8;
      proto = b[l4];
      l4 += length;
    }
    for (const talk of talks) {
      if (talk.proto !== proto) continue;
      const forward = same(talk.a, b, srcAt, end, width) && same(talk.b, b, dstAt, end, width);
      const backward = same(talk.b, b, srcAt, end, width) && same(talk.a, b, dstAt, end, width);
      if (!forward && !backward) continue;
      const portless = talk.srcPort === 0 && talk.dstPort === 0;
      if (later || portless) return true;
      if (l4 + 4 > end) continue;
      const [from, to] = [u16be(b, l4), u16be(b, l4 + 2)];
      if ((forward && from === talk.srcPort && to === talk.dstPort) || (backward && from === talk.dstPort && to === talk.srcPort)) return true;
    }
    if (quoted || later || l4 + 8 > end) return false;
    if (version === 4 && proto === ICMP && [3, 4, 5, 11, 12].includes(b[l4])) return wantedIp(b, l4 + 8, end, true);
    if (version === 6 && proto === ICMPV6) {
      if (b[l4] >= 1 && b[l4] <= 4) return wantedIp(b, l4 + 8, end, true);
      // Neighbour solicitation and advertisement name their target (RFC 4861 §4.3, §4.4).
      if (b[l4] === 135 || b[l4] === 136) return isHost(b, l4 + 8, end, 16);
    }
    return false;
  };

  return (b, at, end, linkType) => {
    let type = 0;
    let l3 = at;
    switch (linkType) {
      case 1:
        l3 = at + 14;
        if (l3 > end) return false;
        type = u16be(b, at + 12);
        while (VLAN_TPIDS.has(type) && l3 + 4 <= end) {
          type = u16be(b, l3 + 2);
          l3 += 4;
        }
        break;
      case 113:
        l3 = at + 16;
        if (l3 > end) return false;
        type = u16be(b, at + 14);
        break;
      case 276:
        l3 = at + 20;
        if (l3 > end) return false;
        type = u16be(b, at);
        break;
      case 0:
      case 108:
        l3 = at + 4;
        break;
      case 12:
      case 14:
      case 101:
      case 228:
      case 229:
        break;
      default:
        // Unknown link: better too much evidence than too little.
        return true;
    }
    if (type === ARP) return isHost(b, l3 + 14, end, 4) || isHost(b, l3 + 24, end, 4);
    if (type !== 0 && type !== IPV4 && type !== IPV6) return false;
    return wantedIp(b, l3, end, false);
  };
}

function endpoint(ip: IpHex): Endpoint {
  const text = isIpv4(ip) ? ip.slice(24) : ip;
  return { bytes: Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)) };
}

function same(host: Endpoint, b: Uint8Array, at: number, end: number, width: number): boolean {
  if (host.bytes.length !== width || at + width > end) return false;
  for (let i = 0; i < width; i++) if (host.bytes[i] !== b[at + i]) return false;
  return true;
}
