import { toHex } from '../base/bytes.ts';
import { formatIp, ipHex } from '../base/ip.ts';
import type { Host } from '../base/host.ts';
import type { Field } from '../filter/field.ts';
import { Demand } from '../wire/demand.ts';
import { FrameHead } from '../wire/frame-head.ts';
import { Packet } from '../wire/packet.ts';
import { MORE } from '../wire/packet-view.ts';
import type { Registry } from '../wire/registry.ts';

/** What became of the bytes that were read. */
export const READ_MORE = -1;
export const READ_NOTHING = -2;

/**
 * Reads single messages by their dissector, without a frame around them: so a conversation's records have the very values that the
 * packet's fields have. Values are valid until the next message.
 */
export class MessageReader {
  readonly registry: Registry;
  readonly #packet: Packet;
  readonly #head = new FrameHead();

  constructor(registry: Registry, host: Host, fields: readonly Field[]) {
    this.registry = registry;
    this.#packet = new Packet(registry, new Demand(registry, fields.map((f) => f.id)), host);
  }

  /** Reads the message at `at`. Returns where it ends, READ_MORE where it is not whole yet, READ_NOTHING where it is none. */
  read(dissector: number, bytes: Uint8Array, at: number, end: number, ports: readonly [src: number, dst: number], canWait: boolean): number {
    const p = this.#packet;
    const head = this.#head;
    head.bytes = bytes;
    head.at = at;
    head.caplen = end - at;
    head.wireLen = end - at;
    p.begin(head);
    p.srcPort = ports[0];
    p.dstPort = ports[1];
    p.canWait = canWait;
    const verdict = p.layer(dissector, at, end, end);
    p.canWait = false;
    if (verdict === MORE) return READ_MORE;
    if (verdict < 0) return READ_NOTHING;
    const next = p.hasNext ? p.nextAt : end;
    if (verdict > 0) p.call(verdict, next, p.nextEnd);
    return verdict === 0 && next > at ? next : end;
  }

  /** Occurrences of a field in the message read last. */
  count(f: Field): number {
    return this.#packet.row.count(f.id);
  }

  /** A number, or the name that it stands for where `named`. */
  value(f: Field, i: number, named: boolean): string | number | boolean {
    const { row } = this.#packet;
    switch (f.type) {
      case 'string': return row.text(f.id, i);
      case 'boolean': return row.num(f.id, i) !== 0;
      case 'reltime': case 'abstime': return row.seconds(f.id, i) + row.nanoseconds(f.id, i) / 1e9;
      case 'u64': case 'i64': return Number(row.big(f.id, i));
      case 'ipv4': case 'ipv6': return formatIp(ipHex(row.source(f.id, i), row.at(f.id, i), f.type === 'ipv4' ? 4 : 6));
      case 'ether': return toHex(row.source(f.id, i), row.at(f.id, i), row.at(f.id, i) + row.len(f.id, i), ':');
      case 'oid': return row.text(f.id, i);
      case 'bytes': case 'guid': case 'eui64': case 'protocol': case 'none': return toHex(row.source(f.id, i), row.at(f.id, i), row.at(f.id, i) + row.len(f.id, i));
      default: {
        const number = row.num(f.id, i);
        return named ? (f.values?.[number] ?? number) : number;
      }
    }
  }
}
