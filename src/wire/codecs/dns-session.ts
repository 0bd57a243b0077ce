import { toHex, u16be, u32be } from '../../base/bytes.ts';
import type { Host } from '../../base/host.ts';
import type { IpHex } from '../../base/ip.ts';
import { formatIp, ipHex } from '../../base/ip.ts';
import { BoundedMap } from '../../base/bounded-map.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import type { DnsRecord } from '../../model/index.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { Session, SessionContext, SessionRecord } from '../session.ts';
import { AA, AT_ANCOUNT, AT_FLAGS, AT_ID, AT_QDCOUNT, DNS_HEADER, DnsRecordCursor, QR, RA, RD, RR, TC, readRecord } from './dns-message.ts';
import { DnsName, nameText, readName } from './dns-name.ts';

/** Queries of one conversation that wait for their response; the oldest is emitted unanswered. */
const MAX_PENDING = 256;
/** Answers that a record keeps; a longer answer is still counted by its flow's bytes. */
const MAX_ANSWERS = 128;
/** A DNS message over TCP has at most 64 KiB (RFC 1035 §4.2.2). */
const MAX_MESSAGE = 65_535;

interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  readonly qclass: number;
  readonly recursionDesired: boolean;
  readonly frame: number;
  readonly time: Nanos;
  readonly bytes: number;
}

type Answers = Pick<DnsRecord, 'answers' | 'answerTypes' | 'ttls' | 'addresses'>;

const name = new DnsName();
const cursor = new DnsRecordCursor();

/**
 * DNS exchanges of one conversation (RFC 1035 §4.2): datagrams, or the length-prefixed stream over TCP.
 *
 * A response is paired with the newest query of its id. What stays unanswered is emitted at the end.
 */
export class DnsSession implements Session {
  readonly #transport: 'tcp' | 'udp';
  readonly #pending: BoundedMap<number, Query>;
  readonly #held: [Uint8Array | undefined, Uint8Array | undefined] = [undefined, undefined];
  readonly #lost: [boolean, boolean] = [false, false];
  #context: SessionContext | undefined;

  constructor(transport: 'tcp' | 'udp') {
    this.#transport = transport;
    this.#pending = new BoundedMap(MAX_PENDING, (_, query) => {
      if (this.#context !== undefined) this.#emitUnanswered(query, this.#context);
    });
  }

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#transport === 'udp') this.#message(bytes, at, end, ctx);
    else this.#stream(dir, bytes, at, end, ctx);
  }

  gap(dir: 0 | 1, _length: number, ctx: SessionContext): void {
    if (this.#transport === 'udp') return;
    // Without its length prefix the stream cannot be framed again.
    this.#lost[dir] = true;
    this.#held[dir] = undefined;
    ctx.anomaly('dns_gap');
  }

  end(ctx: SessionContext): void {
    for (const query of this.#pending.values()) this.#emitUnanswered(query, ctx);
    this.#pending.clear();
  }

  #stream(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#lost[dir]) return;
    let b = bytes;
    let from = at;
    let to = end;
    const held = this.#held[dir];
    if (held !== undefined) {
      b = new Uint8Array(held.length + end - at);
      b.set(held);
      b.set(bytes.subarray(at, end), held.length);
      from = 0;
      to = b.length;
      this.#held[dir] = undefined;
    }
    while (to - from >= 2) {
      const length = u16be(b, from);
      if (to - from < 2 + length) break;
      this.#message(b, from + 2, from + 2 + length, ctx);
      from += 2 + length;
    }
    if (to > from && to - from <= MAX_MESSAGE + 2) this.#held[dir] = b.slice(from, to);
  }

  #message(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (end - at < DNS_HEADER) {
      ctx.anomaly('dns_short_message');
      return;
    }
    const flags = u16be(b, at + AT_FLAGS);
    const questions = u16be(b, at + AT_QDCOUNT);
    let text = '';
    let type = 0;
    let qclass = 0;
    let next = at + DNS_HEADER;
    for (let i = 0; i < questions; i++) {
      if (!readName(b, at, next, end, name) || name.end + 4 > end) {
        ctx.anomaly(name.fault === 'loop' ? 'dns_name_loop' : 'dns_bad_question');
        next = -1;
        break;
      }
      if (i === 0) {
        text = nameText(name, ctx.host, '');
        type = u16be(b, name.end);
        qclass = u16be(b, name.end + 2);
      }
      next = name.end + 4;
    }
    const time = nanosOf(ctx.seconds, ctx.nanoseconds);
    const id = u16be(b, at + AT_ID);
    this.#context = ctx;
    if ((flags & QR) === 0) {
      const query: Query = {
        id, name: text, type, qclass, recursionDesired: (flags & RD) !== 0, frame: ctx.frame, time, bytes: end - at,
      };
      const older = this.#pending.get(id);
      // The same question again is the client's retransmission: the exchange began with the first.
      if (older !== undefined && older.name === text && older.type === type) return;
      if (older !== undefined) this.#emitUnanswered(older, ctx);
      this.#pending.set(id, query);
      return;
    }
    const asked = this.#pending.get(id);
    if (asked !== undefined) this.#pending.delete(id);
    const answers = next < 0 ? NO_ANSWERS : readAnswers(b, at, next, end, u16be(b, at + AT_ANCOUNT), ctx.host);
    ctx.emit({
      kind: 'dns', schema: PROTOCOL_SCHEMA, time: asked?.time ?? time,
      firstFrame: asked?.frame ?? ctx.frame, lastFrame: ctx.frame,
      transactionId: id, query: text === '' ? (asked?.name ?? '') : text, qtype: type === 0 ? (asked?.type ?? 0) : type,
      qclass: type === 0 ? (asked?.qclass ?? 0) : qclass,
      rcode: flags & 15, authoritative: (flags & AA) !== 0, truncated: (flags & TC) !== 0,
      recursionDesired: (flags & RD) !== 0, recursionAvailable: (flags & RA) !== 0,
      ...answers,
      rtt: asked === undefined ? null : time - asked.time,
      queryFrame: asked?.frame ?? null, responseFrame: ctx.frame, queryBytes: asked?.bytes ?? 0, responseBytes: end - at,
    } as SessionRecord);
  }

  #emitUnanswered(query: Query, ctx: SessionContext): void {
    ctx.emit({
      kind: 'dns', schema: PROTOCOL_SCHEMA, time: query.time, firstFrame: query.frame, lastFrame: query.frame,
      transactionId: query.id, query: query.name, qtype: query.type, qclass: query.qclass,
      rcode: null, authoritative: false, truncated: false, recursionDesired: query.recursionDesired, recursionAvailable: false,
      ...NO_ANSWERS, rtt: null, queryFrame: query.frame, responseFrame: null, queryBytes: query.bytes, responseBytes: 0,
    } as SessionRecord);
  }
}

const NO_ANSWERS: Answers = { answers: [], answerTypes: [], ttls: [], addresses: [] };

function readAnswers(b: Uint8Array, message: number, from: number, end: number, count: number, host: Host): Answers {
  const answers: string[] = [];
  const answerTypes: number[] = [];
  const ttls: number[] = [];
  const addresses: IpHex[] = [];
  let at = from;
  for (let i = 0; i < count && i < MAX_ANSWERS; i++) {
    if (!readRecord(b, at, end, cursor)) break;
    at = cursor.dataEnd;
    if (cursor.type === RR.OPT) continue;
    answerTypes.push(cursor.type);
    ttls.push(cursor.ttl);
    answers.push(answerText(b, message, end, host, addresses));
  }
  return { answers, answerTypes, ttls, addresses };
}

/** The answer under `cursor` as text; an address also goes to `addresses`. */
function answerText(b: Uint8Array, message: number, end: number, host: Host, addresses: IpHex[]): string {
  const at = cursor.dataAt;
  const dataEnd = cursor.dataEnd;
  const nameAt = (from: number): string => (readName(b, message, from, end, name) ? nameText(name, host, '.') : '');
  switch (cursor.type) {
    case RR.A:
    case RR.AAAA: {
      const size = cursor.type === RR.A ? 4 : 16;
      if (dataEnd - at !== size) return toHex(b, at, dataEnd);
      const ip = ipHex(b, at, size === 4 ? 4 : 6);
      addresses.push(ip);
      return formatIp(ip);
    }
    case RR.NS: case RR.CNAME: case RR.PTR: case RR.DNAME: case RR.MB: case RR.SOA: return nameAt(at);
    case RR.MX: return dataEnd - at > 2 ? `${u16be(b, at)} ${nameAt(at + 2)}` : '';
    case RR.SRV: return dataEnd - at > 6 ? `${u16be(b, at)} ${u16be(b, at + 2)} ${u16be(b, at + 4)} ${nameAt(at + 6)}` : '';
    case RR.TXT: case RR.SPF: {
      const parts: string[] = [];
      for (let q = at; q < dataEnd; q += 1 + b[q]) parts.push(`"${host.utf8(b, q + 1, Math.min(q + 1 + b[q], dataEnd))}"`);
      return parts.join(' ');
    }
    case RR.DS: return dataEnd - at > 4 ? `${u16be(b, at)} ${b[at + 2]} ${b[at + 3]} ${toHex(b, at + 4, dataEnd)}` : '';
    case RR.RRSIG: return dataEnd - at > 18 ? `${u16be(b, at)} ${b[at + 2]} ${u32be(b, at + 4)} ${u16be(b, at + 16)} ${nameAt(at + 18)}` : '';
    default: return toHex(b, at, Math.min(dataEnd, at + 64));
  }
}
