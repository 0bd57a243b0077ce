import { put16be, u16be } from '../base/bytes.ts';
import type { Host } from '../base/host.ts';
import type { DnsRecord } from '../model/index.ts';
import { DnsSession } from '../wire/codecs/dns-session.ts';
import { loneContext } from '../wire/session.ts';

/** Types that a check can ask for (IANA "DNS Parameters"). */
export const QUERY_TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, DS: 43, DNSKEY: 48, HTTPS: 65, CAA: 257 } as const;
export const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'] as const;

export interface QueryFlags {
  /** Wants signatures (DO, RFC 3225) and the result of their validation (AD, RFC 6840 §5.7). */
  readonly dnssec: boolean;
  /** Recursion desired. */
  readonly recursion: boolean;
}

/** A query with one question, and EDNS with 1232 bytes (RFC 1035 §4.1, RFC 6891). Undefined where the name does not fit. */
export function dnsQuery(id: number, name: string, type: number, flags: QueryFlags = { dnssec: false, recursion: true }): Uint8Array | undefined {
  const labels = name.replace(/\.$/, '').split('.').filter((l) => l !== '');
  if (labels.some((l) => l.length > 63 || /[^\x21-\x7e]/.test(l)) || labels.reduce((n, l) => n + l.length + 1, 1) > 255) return undefined;
  const nameBytes = labels.reduce((n, l) => n + l.length + 1, 1);
  const b = new Uint8Array(12 + nameBytes + 4 + 11);
  put16be(b, 0, id);
  put16be(b, 2, (flags.recursion ? 0x0100 : 0) | (flags.dnssec ? 0x0020 : 0));
  put16be(b, 4, 1);
  put16be(b, 10, 1);
  let at = 12;
  for (const label of labels) {
    b[at++] = label.length;
    for (let i = 0; i < label.length; i++) b[at++] = label.charCodeAt(i);
  }
  at++;
  put16be(b, at, type);
  put16be(b, at + 2, 1);
  b[at + 6] = 41;
  put16be(b, at + 7, 1232);
  if (flags.dnssec) b[at + 11] = 0x80;
  return b;
}

/** Is this the response to that query: same id, a response, same question? Anything else is dropped, as a resolver does. */
export function answersQuery(query: Uint8Array, response: Uint8Array): boolean {
  if (response.length < 12 || u16be(response, 0) !== u16be(query, 0) || (response[2] & 0x80) === 0 || u16be(response, 4) !== 1) return false;
  const end = query.length - 11;
  if (response.length < end) return false;
  for (let i = 12; i < end; i++) {
    const fold = (c: number): number => (c >= 0x41 && c <= 0x5a ? c + 0x20 : c);
    if (fold(query[i]) !== fold(response[i])) return false;
  }
  return true;
}

/** What the response says, read by the same code that reads DNS off the wire; undefined where it cannot be read. */
export function readDnsAnswer(query: Uint8Array, response: Uint8Array, host: Host): Pick<DnsRecord, 'rcode' | 'answers' | 'truncated' | 'authoritative' | 'ttls'> | undefined {
  const session = new DnsSession('udp');
  let record: DnsRecord | undefined;
  const ctx = loneContext(host, (r) => {
    record = r as DnsRecord;
  });
  session.data(0, query, 0, query.length, ctx);
  session.data(1, response, 0, response.length, ctx);
  session.end(ctx);
  return record?.rcode === null ? undefined : record;
}
