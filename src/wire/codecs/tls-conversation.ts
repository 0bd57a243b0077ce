import type { TlsDecryption } from './tls-decryption.ts';
import type { TlsNegotiation } from './tls-negotiation.ts';

/** Handshake bytes whose message is not whole, and the frames that gave them. */
export interface PartialMessage {
  readonly bytes: Uint8Array;
  readonly frames: readonly number[];
}

/** What the frame driver remembers of one TLS conversation; by direction 0 and 1. */
export class TlsConversation implements TlsNegotiation {
  version = 0;
  cipher = 0;
  clientSessionId = '';
  keysExchanged = false;
  clientRandom: Uint8Array | undefined = undefined;
  serverRandom: Uint8Array | undefined = undefined;
  alpn = '';
  extendedMasterSecret = false;
  encryptThenMac = false;
  /** A record has been seen: bytes that are none are damage, not another protocol. */
  seen = false;
  /** Direction of the client's hello, -1 = not seen. */
  clientDir = -1;
  /** Undoes the protection of records, once there is something to undo it with. */
  decryption: TlsDecryption | undefined = undefined;
  /** Name of the dissector of what is inside, empty = not known yet; and bytes of it so far. */
  application = '';
  readonly carried: [number, number] = [0, 0];
  /** A ChangeCipherSpec has been seen (TLS 1.2 and before). */
  readonly encrypted: [boolean, boolean] = [false, false];
  readonly pending: [PartialMessage | undefined, PartialMessage | undefined] = [undefined, undefined];
}

export function createTlsConversation(): TlsConversation {
  return new TlsConversation();
}

/** Applications of TLS by the server's port, under the names of their protocols. */
const APPLICATIONS: Readonly<Record<number, readonly [string, string]>> = {
  443: ['http', 'Hypertext Transfer Protocol'], 465: ['smtp', 'Simple Mail Transfer Protocol'], 636: ['ldap', 'Lightweight Directory Access Protocol'],
  853: ['dns', 'Domain Name System'], 993: ['imap', 'Internet Message Access Protocol'], 995: ['pop', 'Post Office Protocol'],
  3389: ['tpkt', 'TPKT - ISO on TCP - RFC1006'], 5061: ['sip', 'Session Initiation Protocol'], 5671: ['amqp', 'Advanced Message Queuing Protocol'],
  8883: ['mqtt', 'MQ Telemetry Transport Protocol'], 27017: ['mongo', 'Mongo Wire Protocol'], 19999: ['dnp3', 'Distributed Network Protocol 3.0'],
};
/** The same by ALPN. */
const BY_ALPN: Readonly<Record<string, readonly [string, string]>> = {
  h2: ['http2', 'HyperText Transfer Protocol 2'], 'http/1.1': ['http', 'Hypertext Transfer Protocol'], 'http/1.0': ['http', 'Hypertext Transfer Protocol'],
  dot: ['dns', 'Domain Name System'], imap: APPLICATIONS[993], pop3: APPLICATIONS[995], mqtt: APPLICATIONS[8883],
};

/** Name and title of the application inside, undefined where nothing tells. */
export function applicationOf(talk: TlsNegotiation | undefined, srcPort: number, dstPort: number): readonly [string, string] | undefined {
  return BY_ALPN[talk?.alpn ?? ''] ?? APPLICATIONS[Math.min(srcPort, dstPort)] ?? APPLICATIONS[Math.max(srcPort, dstPort)];
}
