import type { Field } from '../filter/field.ts';
import type { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';

/** A field by which a frame names an earlier one, and the field that the earlier one would have if it knew. */
const PAIRS: readonly (readonly [names: string, named: string])[] = [
  ['dns.response_to', 'dns.response_in'], ['http.request_in', 'http.response_in'], ['icmp.resp_to', 'icmp.resp_in'], ['icmpv6.resp_to', 'icmpv6.resp_in'],
  ['smb.response_to', 'smb.response_in'], ['smb2.response_to', 'smb2.response_in'], ['snmp.response_to', 'snmp.response_in'], ['ldap.response_to', 'ldap.response_in'],
  ['imap.response_to', 'imap.response_in'], ['enip.response_to', 'enip.response_in'], ['radius.reqframe', 'radius.rspframe'],
  ['tcp.segment', 'tcp.reassembled_in'], ['ip.fragment', 'ip.reassembled_in'], ['ipv6.fragment', 'ipv6.reassembled.in'],
];
/** Frames whose answer is remembered, of each pair. */
const MAX_REMEMBERED = 5_000_000;

/** What only a second pass can tell of a frame (`-2`): which later frame answers it, or completes what it is a part of. */
export class LaterFrames {
  readonly #pairs: readonly { readonly names: Field; readonly named: Field; readonly later: Map<number, number> }[];

  constructor(registry: Registry) {
    this.#pairs = PAIRS.flatMap(([a, b]) => {
      const names = registry.find(a);
      const named = registry.find(b);
      return names === undefined || named === undefined ? [] : [{ names, named, later: new Map<number, number>() }];
    });
  }

  /** Fields that the first pass must keep. */
  get fields(): number[] {
    return this.#pairs.map((p) => p.names.id);
  }

  /** First pass: a packet that has been walked. */
  learn(p: Packet): void {
    for (const { names, later } of this.#pairs) {
      for (let i = 0, n = p.row.count(names.id); i < n; i++) {
        const frame = p.row.num(names.id, i);
        if (frame !== p.frame && later.size < MAX_REMEMBERED && !later.has(frame)) later.set(frame, p.frame);
      }
    }
  }

  /** Second pass: puts what is known of the packet at hand, unless a dissector has. */
  tell(p: Packet): void {
    for (const { named, later } of this.#pairs) {
      const frame = later.get(p.frame);
      if (frame !== undefined && p.row.count(named.id) === 0) p.putInt(named, p.frameAt, 0, frame);
    }
  }
}
