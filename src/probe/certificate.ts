import { readFileSync } from 'node:fs';
import tls, { type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import net from 'node:net';
import { z } from 'zod';
import type { ProbeContext } from './define-probe.ts';
import { Fault } from './fault.ts';

/** Options of every probe that speaks TLS. */
export const TLS_OPTIONS = {
  verify: z.boolean().default(true).describe('Is an invalid certificate a failure? Its expiry is measured either way.'),
  servername: z.string().min(1).max(253).optional().describe('Name that the certificate must bear and that is sent as SNI; the target\'s own where it is left out.'),
  authority: z.string().min(1).optional().describe('File with certificates (PEM) that are trusted in place of the system\'s: a private authority.'),
  tlsVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Lowest version of TLS that is right.'),
};

export interface TlsChoice {
  readonly verify: boolean;
  readonly servername?: string | undefined;
  readonly authority?: string | undefined;
  readonly tlsVersion: 'TLSv1.2' | 'TLSv1.3';
}

export interface Secured {
  readonly socket: TLSSocket;
  readonly ns: number;
  readonly measurements: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, string>>;
  /** Why the certificate is not to be trusted; null where it is. */
  readonly trouble: string | null;
}

const first = (v: string | string[] | undefined): string => (Array.isArray(v) ? v[0] : (v ?? ''));
const MAX_CHAIN = 10;

/** The certificates as the server sent them, its own first; the trusted root that ends them is in it where it is known. */
export function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let c: DetailedPeerCertificate | undefined = leaf; c?.fingerprint256 !== undefined && chain.length < MAX_CHAIN; c = c.issuerCertificate) {
    if (chain.some((seen) => seen.fingerprint256 === c!.fingerprint256)) break;
    chain.push(c);
  }
  return chain;
}

/** Subject, issuer, names and expiry of the server's certificate and of its chain. */
export function describeCertificate(socket: TLSSocket, nowMs: number): Pick<Secured, 'measurements' | 'notes'> {
  const leaf = socket.getPeerCertificate(true);
  const chain = chainOf(leaf);
  if (chain.length === 0) return { measurements: {}, notes: {} };
  const until = (c: DetailedPeerCertificate): number => (Date.parse(c.valid_to) - nowMs) / 1000;
  return {
    measurements: { cert_expiry_seconds: until(leaf), chain_expiry_seconds: Math.min(...chain.map(until)), chain_certificates: chain.length },
    notes: {
      certificate_subject: first(leaf.subject?.CN), certificate_issuer: first(leaf.issuer?.CN), certificate_from: leaf.valid_from, certificate_until: leaf.valid_to,
      certificate_names: (leaf.subjectaltname ?? '').slice(0, 1000), certificate_sha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      certificate_chain: chain.map((c) => first(c.subject?.CN) || first(c.subject?.O)).join(' < '), tls_version: socket.getProtocol() ?? '', tls_cipher: socket.getCipher()?.standardName ?? '',
    },
  };
}

function troubleOf(socket: TLSSocket, name: string): string | null {
  const leaf = socket.getPeerCertificate();
  if (leaf.valid_to === undefined) return 'the server shows no certificate';
  if (!socket.authorized) {
    const error = socket.authorizationError as Error | string | undefined;
    return typeof error === 'string' ? error : ((error as { code?: string } | undefined)?.code ?? error?.message ?? 'the certificate is not trusted');
  }
  return tls.checkServerIdentity(name, leaf) === undefined ? null : `it is not for ${name}`;
}

function authorityOf(choice: TlsChoice): { ca?: string } {
  if (choice.authority === undefined) return {};
  try {
    return { ca: readFileSync(choice.authority, 'utf8') };
  } catch (error) {
    throw new Fault('local', `the file of the authority cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * The TLS handshake over a connected socket. The certificate is judged after it, so that its expiry is known even where it is wrong;
 * what it is worth is `trouble`. Throws a `Fault` of the class `tls`, or `timeout`.
 */
export function secure(ctx: ProbeContext, socket: net.Socket, name: string, choice: TlsChoice, timeoutMs: number): Promise<Secured> {
  const expected = choice.servername ?? name.split('%')[0];
  return new Promise((done, refuse) => {
    const startedNs = ctx.monotonicNs();
    const session = tls.connect({
      socket, rejectUnauthorized: false, minVersion: choice.tlsVersion, checkServerIdentity: () => undefined, ...authorityOf(choice),
      ...(net.isIP(expected) === 0 ? { servername: expected } : {}),
    });
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      session.destroy();
      refuse(error as Error);
    };
    const timer = setTimeout(() => fail(new Fault('timeout', 'no end in time in the TLS handshake')), timeoutMs);
    const broken = (error: NodeJS.ErrnoException): void => fail(new Fault('tls', `the TLS handshake failed: ${error.code ?? error.message}`));
    session.once('error', broken);
    session.once('secureConnect', () => {
      clearTimeout(timer);
      session.off('error', broken);
      session.on('error', () => undefined);
      const ns = Number(ctx.monotonicNs() - startedNs);
      done({ socket: session, ns, trouble: troubleOf(session, expected), ...describeCertificate(session, Date.now()) });
    });
  });
}
