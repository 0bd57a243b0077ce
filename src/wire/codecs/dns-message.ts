import { u16be, u32be } from '../../base/bytes.ts';
import { skipName } from './dns-name.ts';

/** Bytes of a DNS header (RFC 1035 §4.1.1). */
export const DNS_HEADER = 12;

// Offsets in the header.
export const AT_ID = 0;
export const AT_FLAGS = 2;
export const AT_QDCOUNT = 4;
export const AT_ANCOUNT = 6;
export const AT_NSCOUNT = 8;
export const AT_ARCOUNT = 10;

// Flags (RFC 1035 §4.1.1, RFC 2535 §6.1).
export const QR = 0x8000;
export const AA = 0x0400;
export const TC = 0x0200;
export const RD = 0x0100;
export const RA = 0x0080;
export const AD = 0x0020;

export const OPCODE_UPDATE = 5;
export const OPCODE_DSO = 6;

/** Types of resource records that are read here (IANA "DNS Parameters"). */
export const RR = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, MB: 7, MG: 8, MR: 9, NULL: 10, WKS: 11, PTR: 12, HINFO: 13, MINFO: 14, MX: 15, TXT: 16, RP: 17, AFSDB: 18, AAAA: 28,
  LOC: 29, SRV: 33, NAPTR: 35, KX: 36, CERT: 37, DNAME: 39, OPT: 41, DS: 43, SSHFP: 44, RRSIG: 46, NSEC: 47, DNSKEY: 48, NSEC3: 50,
  TLSA: 52, SVCB: 64, HTTPS: 65, SPF: 99, TKEY: 249, TSIG: 250, AXFR: 252, ANY: 255, CAA: 257,
} as const;

/** Most resource records of one message that are walked: a 64 KiB message of the smallest records has fewer than 6,000. */
export const MAX_RECORDS = 8192;

/** One resource record's place: a reused object that `readRecord` fills. */
export class DnsRecordCursor {
  /** Where the owner name starts. */
  nameAt: number;
  type: number;
  rrClass: number;
  ttl: number;
  /** The ten bytes between name and data start here. */
  fixedAt: number;
  dataAt: number;
  dataEnd: number;

  constructor() {
    this.nameAt = 0;
    this.type = 0;
    this.rrClass = 0;
    this.ttl = 0;
    this.fixedAt = 0;
    this.dataAt = 0;
    this.dataEnd = 0;
  }
}

/** Reads the head of the record at `at` and where its data lies; false where it does not fit before `end`. */
export function readRecord(b: Uint8Array, at: number, end: number, cursor: DnsRecordCursor): boolean {
  const fixedAt = skipName(b, at, end);
  if (fixedAt < 0 || fixedAt + 10 > end) return false;
  const length = u16be(b, fixedAt + 8);
  cursor.nameAt = at;
  cursor.fixedAt = fixedAt;
  cursor.type = u16be(b, fixedAt);
  cursor.rrClass = u16be(b, fixedAt + 2);
  cursor.ttl = u32be(b, fixedAt + 4);
  cursor.dataAt = fixedAt + 10;
  cursor.dataEnd = fixedAt + 10 + length;
  return cursor.dataEnd <= end;
}

/**
 * True where the bytes read as a DNS message on any port: known opcode, no reserved bit, counts that fit, a first question that
 * reads and has a class of the registry. Strict, because four of five random headers must fall through.
 */
export function looksLikeDns(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < DNS_HEADER + 5) return false;
  const flags = u16be(b, at + AT_FLAGS);
  const opcode = (flags >> 11) & 15;
  if (opcode > 6 || opcode === 3 || (flags & 0x0040) !== 0) return false;
  const questions = u16be(b, at + AT_QDCOUNT);
  if (questions !== 1) return false;
  const records = u16be(b, at + AT_ANCOUNT) + u16be(b, at + AT_NSCOUNT) + u16be(b, at + AT_ARCOUNT);
  if ((flags & QR) === 0 && (u16be(b, at + AT_ANCOUNT) !== 0 || (flags & 15) !== 0) && opcode !== OPCODE_UPDATE) return false;
  const name = skipName(b, at + DNS_HEADER, end);
  if (name < 0 || name + 4 > end || b[at + DNS_HEADER] >= 0xc0) return false;
  const type = u16be(b, name);
  const qclass = u16be(b, name + 2) & 0x7fff;
  if (type === 0 || (type > 265 && type < 32768) || (qclass !== 1 && qclass !== 3 && qclass !== 4 && qclass !== 254 && qclass !== 255)) return false;
  return records === 0 ? name + 4 === end : name + 4 + 11 * records <= end;
}
