import { u16be, u24be } from '../../base/bytes.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import type { CertificateSummary } from '../../model/index.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import type { ClientFingerprint } from './ja3-ja4.ts';
import { Fingerprinter, ja3s } from './ja3-ja4.ts';
import { ALERTS } from './tls-value-names.ts';
import { HANDSHAKE, MAX_HANDSHAKE, MAX_RECORD, RECORD, RECORD_HEAD, TlsHello, handshakeLength, isRecordHead, readHello, versionName } from './tls-hello.ts';
import { summariseCertificate } from './x509.ts';

/** Certificates of one handshake that a record keeps. */
const MAX_CERTIFICATES = 16;

const hello = new TlsHello();
const fingerprinter = new Fingerprinter();

interface Side {
  held: Uint8Array | undefined;
  /** Record payload that belongs to an unfinished handshake message. */
  message: Uint8Array | undefined;
  encrypted: boolean;
  lost: boolean;
  /** Application records seen. */
  application: number;
}

function newSide(): Side {
  return { held: undefined, message: undefined, encrypted: false, lost: false, application: 0 };
}

/**
 * The handshake of one TLS connection (RFC 8446, RFC 5246): one record of it when the keys are in use, or at the end.
 *
 * After both sides encrypt, nothing is kept and nothing is read but record heads. A second, plain handshake is not expected.
 */
export class TlsSession implements Session {
  readonly #sides: [Side, Side] = [newSide(), newSide()];
  #done = false;
  #time: Nanos | undefined;
  #firstFrame = 0;
  #lastFrame = 0;
  #offered: number | null = null;
  #version: number | null = null;
  #cipher: number | null = null;
  #curve: number | null = null;
  #serverName: string | null = null;
  #alpn: string[] = [];
  #nextProtocol: string | null = null;
  #sessionId = '';
  #offersTicket = false;
  #resumed = false;
  #print: ClientFingerprint | undefined;
  #ja3s: string | null = null;
  #certificates: CertificateSummary[] = [];
  #lastAlert: string | null = null;
  #clientHelloFrame: number | null = null;
  #serverHelloFrame: number | null = null;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const side = this.#sides[dir];
    if (this.#done || side.lost) return;
    let b = bytes;
    let p = at;
    let to = end;
    if (side.held !== undefined) {
      b = new Uint8Array(side.held.length + end - at);
      b.set(side.held);
      b.set(bytes.subarray(at, end), side.held.length);
      p = 0;
      to = b.length;
      side.held = undefined;
    }
    while (!this.#done && to - p >= RECORD_HEAD) {
      if (!isRecordHead(b, p)) {
        side.lost = true;
        ctx.anomaly('tls_not_a_record');
        return;
      }
      const next = p + RECORD_HEAD + u16be(b, p + 3);
      if (next > to) break;
      this.#record(side, b, p, next, ctx);
      p = next;
    }
    if (!this.#done && p < to && to - p <= MAX_RECORD + RECORD_HEAD) side.held = b.slice(p, to);
  }

  gap(dir: 0 | 1, _length: number, ctx: SessionContext): void {
    if (this.#done) return;
    const side = this.#sides[dir];
    side.lost = true;
    side.held = undefined;
    side.message = undefined;
    ctx.anomaly('tls_gap');
  }

  end(ctx: SessionContext): void {
    if (!this.#done && this.#firstFrame > 0) this.#emit(ctx, false);
  }

  #record(side: Side, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#firstFrame === 0) {
      this.#firstFrame = ctx.frame;
      this.#time = nanosOf(ctx.seconds, ctx.nanoseconds);
    }
    this.#lastFrame = ctx.frame;
    const body = at + RECORD_HEAD;
    switch (b[at]) {
      case RECORD.CHANGE_CIPHER_SPEC:
        side.encrypted = true;
        break;
      case RECORD.ALERT:
        if (!side.encrypted && end - body === 2) this.#lastAlert = ALERTS[b[body + 1]] ?? String(b[body + 1]);
        break;
      case RECORD.APPLICATION_DATA:
        side.encrypted = true;
        side.application++;
        break;
      case RECORD.HANDSHAKE:
        if (!side.encrypted) this.#handshake(side, b, body, end, ctx);
        break;
      default:
    }
    // TLS 1.3 sends its Finished as application data, earlier versions behind ChangeCipherSpec.
    const [a, z] = this.#sides;
    if (a.encrypted && z.encrypted && a.application > 0 && z.application > 0) this.#emit(ctx, true);
  }

  #handshake(side: Side, bytes: Uint8Array, from: number, to: number, ctx: SessionContext): void {
    let b = bytes;
    let p = from;
    let end = to;
    if (side.message !== undefined) {
      b = new Uint8Array(side.message.length + to - from);
      b.set(side.message);
      b.set(bytes.subarray(from, to), side.message.length);
      p = 0;
      end = b.length;
      side.message = undefined;
    }
    while (end - p >= 4) {
      const next = p + handshakeLength(b, p);
      if (next > end) break;
      this.#message(b, p, next, ctx);
      p = next;
    }
    if (p === end) return;
    if (end - p > MAX_HANDSHAKE) {
      ctx.anomaly('tls_handshake_too_long');
      side.lost = true;
    } else side.message = b.slice(p, end);
  }

  #message(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    switch (b[at]) {
      case HANDSHAKE.CLIENT_HELLO:
        if (readHello(b, at + 4, end, true, hello)) this.#clientHello(b, ctx);
        else ctx.anomaly('tls_bad_client_hello');
        return;
      case HANDSHAKE.SERVER_HELLO:
        if (readHello(b, at + 4, end, false, hello)) this.#serverHello(b, ctx);
        else ctx.anomaly('tls_bad_server_hello');
        return;
      case HANDSHAKE.CERTIFICATE: this.#certificate(b, at + 4, end, ctx); return;
      case HANDSHAKE.SERVER_KEY_EXCHANGE:
        if (end - at > 7 && b[at + 4] === 3) this.#curve = u16be(b, at + 5);
        return;
      default:
    }
  }

  #clientHello(b: Uint8Array, ctx: SessionContext): void {
    // After a HelloRetryRequest there is a second one; the first is the client's fingerprint, as the references have it.
    if (this.#clientHelloFrame !== null) return;
    const { host } = ctx;
    this.#clientHelloFrame = ctx.frame;
    this.#offered = hello.effectiveVersion;
    if (hello.serverNameAt >= 0) this.#serverName = host.utf8(b, hello.serverNameAt, hello.serverNameAt + hello.serverNameLength);
    for (let p = hello.alpnListAt; p >= 0 && p < hello.alpnListEnd && this.#alpn.length < 32; p += 1 + b[p]) {
      this.#alpn.push(host.utf8(b, p + 1, Math.min(p + 1 + b[p], hello.alpnListEnd)));
    }
    this.#sessionId = host.latin1(b, hello.sessionIdAt + 1, hello.sessionIdAt + 1 + hello.sessionIdLength);
    this.#offersTicket = hello.ticketLength > 0;
    this.#print = fingerprinter.client(b, hello, host);
  }

  #serverHello(b: Uint8Array, ctx: SessionContext): void {
    const { host } = ctx;
    this.#serverHelloFrame ??= ctx.frame;
    this.#version = hello.effectiveVersion;
    this.#cipher = hello.ciphers.values[0];
    if (hello.keyShareGroup !== 0) this.#curve = hello.keyShareGroup;
    if (hello.alpnAt >= 0) this.#nextProtocol = host.utf8(b, hello.alpnAt, hello.alpnAt + hello.alpnLength);
    this.#ja3s ??= ja3s(hello, host);
    const id = host.latin1(b, hello.sessionIdAt + 1, hello.sessionIdAt + 1 + hello.sessionIdLength);
    this.#resumed = this.#version >= 0x0304 ? hello.presharedKey : id !== '' && id === this.#sessionId;
  }

  #certificate(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (end - at < 3) return;
    this.#resumed = false;
    const listEnd = Math.min(at + 3 + u24be(b, at), end);
    for (let p = at + 3; p + 3 <= listEnd && this.#certificates.length < MAX_CERTIFICATES;) {
      const next = p + 3 + u24be(b, p);
      if (next > listEnd) break;
      const summary = summariseCertificate(b, p + 3, next, ctx.host);
      if (summary === undefined) ctx.anomaly('x509_unreadable');
      else this.#certificates.push(summary);
      p = next;
    }
  }

  #emit(ctx: SessionContext, established: boolean): void {
    this.#done = true;
    for (const side of this.#sides) {
      side.held = undefined;
      side.message = undefined;
    }
    const version = this.#version ?? this.#offered;
    const [a, z] = this.#sides;
    ctx.emit({
      kind: 'tls', schema: PROTOCOL_SCHEMA, time: this.#time ?? 0n, firstFrame: this.#firstFrame, lastFrame: this.#lastFrame,
      version: version === null ? null : versionName(version), cipher: this.#cipher, curve: this.#curve, serverName: this.#serverName,
      alpn: this.#alpn, nextProtocol: this.#nextProtocol,
      resumed: this.#resumed || (this.#offersTicket && this.#version !== null && this.#version < 0x0304 && this.#certificates.length === 0 && a.encrypted && z.encrypted),
      established: established || (a.encrypted && z.encrypted), ja3: this.#print?.ja3 ?? null, ja3s: this.#ja3s, ja4: this.#print?.ja4 ?? null,
      certificates: this.#certificates, lastAlert: this.#lastAlert, clientHelloFrame: this.#clientHelloFrame, serverHelloFrame: this.#serverHelloFrame,
    } as SessionRecord);
  }
}

/** For the stream driver: TLS on any port. */
export const tlsSession: SessionDefinition = {
  service: 'ssl',
  transport: 'tcp',
  ports: [443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443, 8883],
  recognise(b, at, end) {
    if (end - at < RECORD_HEAD + 1) return b[at] === RECORD.HANDSHAKE && (end - at < 2 || b[at + 1] === 3) ? 'maybe' : 'no';
    if (b[at] !== RECORD.HANDSHAKE || !isRecordHead(b, at)) return 'no';
    const type = b[at + RECORD_HEAD];
    return type === HANDSHAKE.CLIENT_HELLO || type === HANDSHAKE.SERVER_HELLO ? 'yes' : 'no';
  },
  create: () => new TlsSession(),
};
