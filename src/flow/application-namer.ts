import type { Field } from '../filter/field.ts';
import { formatIp, ipHex } from '../base/ip.ts';
import type { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';
import { applicationOfPort, applicationOfProtocol, applicationOverTls, serviceOfHost } from './application-names.ts';

/** What names a conversation, from weak to strong. */
const NOTHING = 0;
const BY_PORT = 1;
const BY_PAYLOAD = 2;

/** A conversation with the application that it was recognised as. */
export interface NamedConversation {
  /** IP protocol number. */
  readonly proto: number;
  /** Endpoint that was seen first, and the other: address and port (0 where the protocol has none). */
  readonly a: string;
  readonly b: string;
  readonly aPort: number;
  readonly bPort: number;
  /** `TLS`, `DNS`, `Unknown`: nDPI's name of the protocol. */
  protocol: string;
  /** `Google`, `NetFlix`: the service, by the host that was asked for; null where none is known. */
  service: string | null;
  confidence: typeof NOTHING | typeof BY_PORT | typeof BY_PAYLOAD;
}

/** Conversations that are named; beyond, new ones are not. */
const MAX_CONVERSATIONS = 1_000_000;

/** Fields that say which host a conversation is about. */
const HOST_FIELDS = ['tls.handshake.extensions_server_name', 'http.host', 'http2.headers.authority', 'dns.qry.name'] as const;

/**
 * Names applications whatever the port (nDPI's vocabulary): by the protocol that the frame driver found in a conversation, by the
 * host that it asked for, by its port alone where no payload told. The packet's demand must have `fields` and `frame.protocols`.
 */
export class ApplicationNamer {
  readonly fields: readonly Field[];
  readonly #named = new Map<string, NamedConversation>();
  /** Application by dissector id. */
  readonly #applications: readonly (string | undefined)[];
  readonly #tls: number;

  constructor(registry: Registry) {
    this.fields = HOST_FIELDS.flatMap((name) => registry.find(name) ?? []);
    this.#applications = registry.dissectors.map((d) => applicationOfProtocol(d.name));
    this.#tls = registry.id('tls');
  }

  /** Takes a packet that has been walked with every layer. */
  packet(p: Packet): void {
    if (p.ipVersion === 0) return;
    const named = this.#conversation(p);
    if (named === undefined) return;
    const application = this.#applicationOf(p, named);
    if (application !== undefined && this.#outranks(application, named)) {
      named.protocol = application;
      named.confidence = BY_PAYLOAD;
    }
    if (named.service !== null) return;
    for (const f of this.fields) {
      if (p.row.count(f.id) === 0) continue;
      named.service = serviceOfHost(p.row.text(f.id, 0).replace(/:\d+$/, '')) ?? null;
      return;
    }
  }

  /** All conversations, in the order in which they were first seen. */
  conversations(): Iterable<NamedConversation> {
    return this.#named.values();
  }

  /** `TLS.Google`: nDPI's names of a conversation's protocol and service; undefined where it was not met. Ports are 0 where the protocol has none. */
  find(proto: number, src: string, srcPort: number, dst: string, dstPort: number): string | undefined {
    const named = this.#named.get(`${proto} ${src} ${srcPort} ${dst} ${dstPort}`) ?? this.#named.get(`${proto} ${dst} ${dstPort} ${src} ${srcPort}`);
    return named === undefined || named.service === null ? named?.protocol : `${named.protocol}.${named.service}`;
  }

  /** The first payload decides; a protocol inside another one's tunnel or upgrade may replace what carries it. */
  #outranks(application: string, named: NamedConversation): boolean {
    if (named.confidence < BY_PAYLOAD) return true;
    return named.protocol === 'HTTP' && (application === 'WebSocket' || application === 'SSDP');
  }

  #applicationOf(p: Packet, named: NamedConversation): string | undefined {
    // The lowest layer above the transport is what the conversation is; what it carries is content.
    const { layers } = p;
    for (let i = 1; i < layers.count; i++) {
      const id = layers.id[i];
      const name = this.#applications[id];
      if (name === undefined || (layers.marks[i] & 4) !== 0) continue;
      if (id === this.#tls) return applicationOverTls(Math.min(named.aPort, named.bPort));
      return name;
    }
    return undefined;
  }

  #conversation(p: Packet): NamedConversation | undefined {
    const bytes = p.row.sources[p.networkSource];
    const src = formatIp(ipHex(bytes, p.srcAt, p.ipVersion as 4 | 6));
    const dst = formatIp(ipHex(bytes, p.dstAt, p.ipVersion as 4 | 6));
    const ported = p.ipProto === 6 || p.ipProto === 17 || p.ipProto === 132;
    const srcPort = ported ? p.srcPort : 0;
    const dstPort = ported ? p.dstPort : 0;
    const there = `${p.ipProto} ${src} ${srcPort} ${dst} ${dstPort}`;
    const back = `${p.ipProto} ${dst} ${dstPort} ${src} ${srcPort}`;
    const known = this.#named.get(there) ?? this.#named.get(back);
    if (known !== undefined || this.#named.size >= MAX_CONVERSATIONS) return known;
    const transport = p.ipProto === 6 ? 'tcp' : p.ipProto === 17 ? 'udp' : undefined;
    const guess = transport === undefined ? undefined : (applicationOfPort(transport, dstPort) ?? applicationOfPort(transport, srcPort));
    const named: NamedConversation = { proto: p.ipProto, a: src, b: dst, aPort: srcPort, bPort: dstPort, protocol: guess ?? 'Unknown', service: null, confidence: guess === undefined ? NOTHING : BY_PORT };
    this.#named.set(there, named);
    return named;
  }
}
