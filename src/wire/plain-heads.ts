import * as bytes from '../base/bytes.ts';
import type { Demand } from './demand.ts';
import type { LayerTable } from './layer-table.ts';
import type { DispatchTable, Registry } from './registry.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be } = bytes;

const ETHERNET_LEN = 14;
const IPV4_LEN = 20;
const IPV6_LEN = 40;
const TCP_LEN = 20;
const UDP_LEN = 8;

/**
 * The everyday packet, for a reader that only wants fields at fixed offsets: Ethernet, IPv4 without options or IPv6 without
 * extension headers, whole, then TCP or UDP. Its layers are noted in one go and no dissector is asked. Whatever is else (tags,
 * tunnels, fragments, cut or odd lengths) is left to the dissectors, which would note the same layers for these packets.
 */
export class PlainHeads {
  readonly #link: DispatchTable;
  readonly #ethertype: DispatchTable;
  readonly #ipProto: DispatchTable;
  readonly #udpPort: DispatchTable;
  readonly #eth: number;
  readonly #ip: number;
  readonly #ipv6: number;
  readonly #tcp: number;
  readonly #udp: number;

  constructor(registry: Registry) {
    this.#link = registry.table('link');
    this.#ethertype = registry.table('ethertype');
    this.#ipProto = registry.table('ip.proto');
    this.#udpPort = registry.table('udp.port');
    this.#eth = registry.id('eth');
    this.#ip = registry.id('ip');
    this.#ipv6 = registry.id('ipv6');
    this.#tcp = registry.id('tcp');
    this.#udp = registry.id('udp');
  }

  /** Notes the layers of the frame at `[at, end)`; false, with nothing noted, where it is not of this kind. */
  note(b: Uint8Array, at: number, end: number, wireEnd: number, linkType: number, layers: LayerTable, demand: Demand): boolean {
    const network = at + ETHERNET_LEN;
    if (end - network < IPV4_LEN + UDP_LEN || this.#link.get(linkType) !== this.#eth) return false;
    const type = u16be(b, at + 12);
    const networkId = type < 0x600 ? 0 : this.#ethertype.get(type);
    let transport = 0;
    let last = 0;
    let proto = 0;
    if (networkId === 0) return false;
    if (networkId === this.#ip) {
      // Version 4 and no options; neither more fragments nor an offset (RFC 791 §3.1).
      if (b[network] !== 0x45 || (u16be(b, network + 6) & 0x3fff) !== 0) return false;
      transport = network + IPV4_LEN;
      last = network + u16be(b, network + 2);
      proto = b[network + 9];
    } else if (networkId === this.#ipv6) {
      if (end - network < IPV6_LEN + UDP_LEN) return false;
      transport = network + IPV6_LEN;
      last = transport + u16be(b, network + 4);
      proto = b[network + 6];
    } else return false;
    if (last > wireEnd) return false;
    const captured = last < end ? last : end;
    const transportId = this.#ipProto.get(proto);
    if (transportId === 0) return false;
    if (transportId === this.#tcp) {
      if (captured - transport < TCP_LEN) return false;
    } else if (transportId !== this.#udp || captured - transport < UDP_LEN || this.#carries(b, transport, demand)) return false;
    layers.push(this.#eth, 0, at, end, wireEnd);
    layers.push(networkId, 0, network, end, wireEnd);
    layers.push(transportId, 0, transport, captured, last);
    return true;
  }

  /** True where a port leads to somebody who must be asked: a tunnel, with packets inside. */
  #carries(b: Uint8Array, at: number, demand: Demand): boolean {
    const from = this.#udpPort.get(u16be(b, at));
    const to = this.#udpPort.get(u16be(b, at + 2));
    return (from !== 0 && demand.unread[from] === 0) || (to !== 0 && demand.unread[to] === 0);
  }
}
