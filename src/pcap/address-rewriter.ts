import type { Host } from '../base/host.ts';
import { Demand } from '../wire/demand.ts';
import { ROW_BYTES } from '../wire/field-rows.ts';
import type { FrameHead } from '../wire/frame-head.ts';
import { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';
import type { AddressPseudonyms } from './address-pseudonyms.ts';

/** A checksum: where it stands, and what it covers beside the pseudo header of its network layer. */
interface Covered {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Addresses of the network layer, -1 = none. */
  readonly pseudoFrom: number;
  readonly pseudoTo: number;
  /** UDP: 0 means none, and is written as ones. */
  readonly zeroIsNone: boolean;
}

interface Change {
  readonly at: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Replaces every address in a frame that any dissector reads as one (links, networks, ARP, DHCP, DNS, routing protocols), and mends
 * the checksums by what changed (RFC 1624): a checksum that was right stays right, a wrong one stays wrong, and a frame cut short by
 * the capture can be mended too. Text in payloads is not touched: names and addresses written out stay.
 */
export class AddressRewriter {
  readonly #packet: Packet;
  readonly #registry: Registry;
  readonly #pseudonyms: AddressPseudonyms;

  constructor(registry: Registry, host: Host, pseudonyms: AddressPseudonyms) {
    const addresses = registry.fields.filter((f) => f.type === 'ipv4' || f.type === 'ipv6' || f.type === 'ether');
    this.#registry = registry;
    this.#pseudonyms = pseudonyms;
    this.#packet = new Packet(registry, new Demand(registry, addresses.map((f) => f.id), { tree: true }), host);
    // The checksum of a datagram in fragments stands in its first one, where it is to be mended.
    this.#packet.reassemble = false;
  }

  /** Rewrites the frame in its own bytes. Returns how many addresses were replaced. */
  rewrite(head: FrameHead): number {
    const p = this.#packet;
    p.begin(head);
    p.walk();
    const { row } = p;
    const covered = this.#checksums();
    const done = new Set<number>();
    const end = head.at + head.caplen;
    for (let r = 0; r < row.rowCount; r++) {
      const { type } = row.fields[row.rowField[r]];
      const length = row.rowLen[r];
      const at = row.rowAt[r];
      const isAddress = (type === 'ipv4' && length === 4) || (type === 'ipv6' && length === 16) || (type === 'ether' && length === 6);
      if (!isAddress || row.rowKind[r] !== ROW_BYTES || row.rowSource[r] !== 0 || done.has(at) || at + length > end) continue;
      done.add(at);
      this.#replace(head.bytes, at, this.#pseudonyms.of(head.bytes, at, length), covered);
    }
    return done.size;
  }

  /** Writes one pseudonym and mends the checksums outwards: a mended one is a change to those around it. */
  #replace(b: Uint8Array, at: number, value: Uint8Array, covered: readonly Covered[]): void {
    const changes: Change[] = [{ at, before: b.slice(at, at + value.length), after: value }];
    b.set(value, at);
    for (const c of covered) {
      let delta = 0;
      for (const change of changes) delta += deltaOf(c, change);
      if (delta === 0) continue;
      const before = b.slice(c.at, c.at + 2);
      mend(b, c, delta);
      changes.push({ at: c.at, before, after: b.slice(c.at, c.at + 2) });
    }
  }

  /** The checksums of the frame at hand, innermost first: one inside the payload of another changes that one as well. */
  #checksums(): Covered[] {
    const { layers } = this.#packet;
    const b = this.#packet.row.sources[0];
    const found: Covered[] = [];
    let pseudoFrom = -1;
    let pseudoTo = -1;
    for (let i = 1; i < layers.count; i++) {
      if (layers.source[i] !== 0) continue;
      const at = layers.at[i];
      const to = layers.end[i];
      const add = (offset: number, from: number, until: number, isPseudo: boolean, zeroIsNone = false): void => {
        if (at + offset + 2 <= to) found.push({ at: at + offset, from, to: until, pseudoFrom: isPseudo ? pseudoFrom : -1, pseudoTo: isPseudo ? pseudoTo : -1, zeroIsNone });
      };
      switch (this.#registry.dissectors[layers.id[i]].name) {
        case 'ip':
          add(10, at, at + 4 * (b[at] & 15), false);
          pseudoFrom = at + 12;
          pseudoTo = at + 20;
          break;
        case 'ipv6':
          pseudoFrom = at + 8;
          pseudoTo = at + 40;
          break;
        case 'tcp': add(16, at, to, true); break;
        case 'udp': add(6, at, to, true, true); break;
        case 'icmpv6': add(2, at, to, true); break;
        case 'icmp': case 'igmp': add(2, at, to, false); break;
        case 'ospf': if (b[at] === 2) add(12, at, to, false); break;
        default: break;
      }
    }
    return found.reverse();
  }
}

/** What a change adds to the sum that a checksum is of. */
function deltaOf(c: Covered, { at, before, after }: Change): number {
  let delta = 0;
  for (let i = 0; i < after.length; i++) {
    const p = at + i;
    if (p === c.at || p === c.at + 1) continue;
    const change = after[i] - before[i];
    if (p >= c.from && p < c.to) delta += ((p - c.from) & 1) === 0 ? 256 * change : change;
    if (p >= c.pseudoFrom && p < c.pseudoTo) delta += ((p - c.pseudoFrom) & 1) === 0 ? 256 * change : change;
  }
  return delta;
}

/** HC' = ~(~HC + ~m + m') (RFC 1624 §3). */
function mend(b: Uint8Array, c: Covered, delta: number): void {
  const old = (b[c.at] << 8) | b[c.at + 1];
  if (c.zeroIsNone && old === 0) return;
  let sum = (~old & 0xffff) + delta;
  while (sum < 0 || sum > 0xffff) sum = sum < 0 ? sum + 0xffff : (sum & 0xffff) + (sum >>> 16);
  let value = ~sum & 0xffff;
  if (c.zeroIsNone && value === 0) value = 0xffff;
  b[c.at] = value >> 8;
  b[c.at + 1] = value & 0xff;
}
