import { compileFilter, type Filter } from '../filter/compile-filter.ts';
import type { FieldRow } from '../filter/row.ts';
import type { Scheme } from '../filter/field.ts';

/** Codes of Select Graphic Rendition (ECMA-48 §8.3.117): what stands out most is what somebody should look at. */
const ALARM = '1;31';
const CHANGE = '1;33';
const ERROR = '35';
const QUIET = '90';

/** Situations that a packet list marks, the first that holds wins. */
export const COLOUR_RULES: readonly { readonly name: string; readonly filter: string; readonly style: string }[] = [
  { name: 'a TCP segment lost, resent or out of order, a window closed', filter: 'tcp.analysis.flags and not (tcp.analysis.window_update or tcp.analysis.keep_alive or tcp.analysis.keep_alive_ack)', style: ALARM },
  { name: 'a checksum that is wrong', filter: 'icmp.checksum.status == 0 or icmpv6.checksum.status == 0 or igmp.checksum.status == 0', style: ALARM },
  { name: 'a malformed packet', filter: '_ws.malformed', style: ALARM },
  { name: 'a router that takes over or steps down', filter: 'hsrp.state in {1..7, 9..15} or vrrp.prio == 0', style: CHANGE },
  { name: 'a spanning tree that changes', filter: 'stp.type == 0x80 or stp.flags.tc == 1', style: CHANGE },
  { name: 'a routing neighbour that comes or goes', filter: 'ospf.msg != 1 or bgp.type in {1, 3}', style: CHANGE },
  { name: 'an address claimed twice', filter: 'arp.duplicate-address-detected', style: ALARM },
  { name: 'an ICMP error', filter: 'icmp.type in {3, 4, 5, 11, 12} or icmpv6.type in {1..4}', style: ERROR },
  { name: 'a connection refused or broken off', filter: 'tcp.flags.reset == 1 or sctp.chunk_type == 6', style: '31' },
  { name: 'a packet about to die of its hops', filter: '(ip.ttl < 5 and not ip.dst == 224.0.0.0/4) or (ipv6.hlim < 5 and not ipv6.dst == ff00::/8)', style: '33' },
  { name: 'ARP', filter: 'arp', style: '33' },
  { name: 'ICMP', filter: 'icmp or icmpv6', style: ERROR },
  { name: 'files and names of Windows', filter: 'smb or smb2 or nbns', style: '34' },
  { name: 'the web', filter: 'http or http2 or tls or quic', style: '32' },
  { name: 'a connection that begins or ends', filter: 'tcp.flags.syn == 1 or tcp.flags.fin == 1', style: QUIET },
  { name: 'UDP', filter: 'udp', style: '36' },
  { name: 'to everybody', filter: 'eth.ig == 1', style: QUIET },
];

/** The rules over the fields of a registry; a rule whose protocol it lacks is left out. */
export class ColourRules {
  readonly #rules: readonly { readonly filter: Filter; readonly style: string }[];

  constructor(scheme: Scheme) {
    this.#rules = COLOUR_RULES.flatMap(({ filter, style }) => {
      try {
        return [{ filter: compileFilter(filter, scheme), style }];
      } catch {
        return [];
      }
    });
  }

  /** The line in the style of the first rule that holds. */
  paint(row: FieldRow, line: string): string {
    const found = this.#rules.find((r) => r.filter.matches(row));
    return found === undefined ? line : `\u001b[${found.style}m${line}\u001b[0m`;
  }
}
