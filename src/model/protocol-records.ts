import type { IpHex } from '../base/ip.ts';
import type { Nanos } from '../base/time.ts';
import type { ProtocolHead } from './flow.ts';

export const PROTOCOL_SCHEMA = 1;

/** One DNS exchange: a query with its response, or either alone (RFC 1035). */
export interface DnsRecord extends ProtocolHead {
  readonly kind: 'dns';
  readonly transactionId: number;
  readonly query: string;
  /** Numbers of the registry; 0 where no question was seen. */
  readonly qtype: number;
  readonly qclass: number;
  /** null = no response seen. */
  readonly rcode: number | null;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** Answers as text: addresses, names, TXT in quotes. */
  readonly answers: readonly string[];
  readonly answerTypes: readonly number[];
  readonly ttls: readonly number[];
  /** Addresses among the answers. */
  readonly addresses: readonly IpHex[];
  /** Query to response; null where either is missing. */
  readonly rtt: Nanos | null;
  readonly queryFrame: number | null;
  readonly responseFrame: number | null;
  /** Sizes of the DNS messages, bytes. */
  readonly queryBytes: number;
  readonly responseBytes: number;
}

/** One HTTP/1 transaction (RFC 9112). */
export interface HttpRecord extends ProtocolHead {
  readonly kind: 'http';
  /** From 1 in the connection. */
  readonly transDepth: number;
  readonly method: string | null;
  readonly host: string | null;
  readonly uri: string | null;
  readonly version: string | null;
  readonly userAgent: string | null;
  readonly referrer: string | null;
  readonly requestContentType: string | null;
  readonly statusCode: number | null;
  readonly statusText: string | null;
  readonly server: string | null;
  readonly location: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  /** Body bytes as they crossed the wire (after chunking was taken off). */
  readonly requestBodyBytes: number;
  readonly responseBodyBytes: number;
  /** False where bytes of the exchange are missing or it was cut short. */
  readonly complete: boolean;
  readonly requestFrame: number | null;
  readonly responseFrame: number | null;
  /** Last byte of the request to first byte of the response; null where either is missing. */
  readonly responseTime: Nanos | null;
}

/** One certificate as the handshake showed it (RFC 5280). */
export interface CertificateSummary {
  /** SHA-256 of the DER, hex. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: Nanos;
  readonly notAfter: Nanos;
  readonly dnsNames: readonly string[];
  readonly keyAlgorithm: string;
  readonly keyBits: number | null;
  readonly signatureAlgorithm: string;
}

/** One TLS handshake (RFC 5246, RFC 8446). */
export interface TlsRecord extends ProtocolHead {
  readonly kind: 'tls';
  /** Negotiated, `TLSv1.2`; the client's offer where no ServerHello was seen. */
  readonly version: string | null;
  readonly cipher: number | null;
  readonly curve: number | null;
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly nextProtocol: string | null;
  readonly resumed: boolean;
  readonly established: boolean;
  readonly ja3: string | null;
  readonly ja3s: string | null;
  readonly ja4: string | null;
  readonly certificates: readonly CertificateSummary[];
  readonly lastAlert: string | null;
  readonly clientHelloFrame: number | null;
  readonly serverHelloFrame: number | null;
}

/** One DHCP exchange by transaction id and client (RFC 2131). */
export interface DhcpRecord extends ProtocolHead {
  readonly kind: 'dhcp';
  readonly transactionId: number;
  readonly clientMac: string;
  readonly hostname: string | null;
  readonly clientFqdn: string | null;
  readonly vendorClass: string | null;
  readonly requestedIp: IpHex | null;
  readonly assignedIp: IpHex | null;
  readonly serverIp: IpHex | null;
  readonly leaseSeconds: number | null;
  /** `DISCOVER`, `OFFER`, ... in order. */
  readonly messages: readonly string[];
  /** Option 55, the client's fingerprint. */
  readonly parameterRequest: readonly number[];
}

/** An ARP binding seen on the wire (RFC 826). */
export interface ArpRecord extends ProtocolHead {
  readonly kind: 'arp';
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly targetMac: string;
  readonly gratuitous: boolean;
}

/** A named oddity of the data plane: counted, kept once a flow and name (Zeek's `weird`). */
export interface AnomalyRecord extends ProtocolHead {
  readonly kind: 'anomaly';
  readonly name: string;
  readonly count: number;
}

/** One file that crossed the wire inside a conversation: an HTTP body, a mail or its attachment, an FTP transfer (Zeek's `files`). */
export interface FileRecord extends ProtocolHead {
  readonly kind: 'file';
  /** The protocol that carried it: `http`, `smtp`, `ftp-data`, `tftp`, `smb`, ... */
  readonly source: string;
  /** As the protocol named it, not made safe; null where it has no name. */
  readonly name: string | null;
  /** What the sender said it is, and what its first bytes look like. */
  readonly declaredType: string | null;
  readonly mimeType: string | null;
  readonly fromInitiator: boolean;
  /** 1 inside another file (an attachment in a mail), 0 else. */
  readonly depth: number;
  /** Bytes of the file after transfer and content encodings were taken off; as sent where it could not be decoded. */
  readonly bytes: number;
  /** What the protocol said would come, as sent; null where it did not say. */
  readonly announcedBytes: number | null;
  /** Bytes that were never captured. */
  readonly missingBytes: number;
  /** From the first byte to the last, none missing, and decoded. */
  readonly complete: boolean;
  /** Digests of the bytes, hex; null where nobody asked for them, or not every byte is there. */
  readonly sha256: string | null;
  readonly sha1: string | null;
  readonly md5: string | null;
}

/** A value of a transaction; instants and spans are seconds. */
export type TransactionValue = string | number | boolean | null | readonly string[] | readonly number[];

/**
 * One transaction of a protocol without a table of its own: a command with its reply, a login, a handshake. Its values have the
 * names and meanings of the log of the same name that Zeek writes, where Zeek has one. Passwords are masked before they get here.
 */
export interface TransactionRecord extends ProtocolHead {
  readonly kind: 'transaction';
  /** The log: `ftp`, `smtp`, `ssh`, `ntp`, ... */
  readonly protocol: string;
  readonly values: Readonly<Record<string, TransactionValue>>;
}

export type ProtocolRecord = DnsRecord | HttpRecord | TlsRecord | DhcpRecord | ArpRecord | AnomalyRecord | FileRecord | TransactionRecord;
export type ProtocolKind = ProtocolRecord['kind'];
