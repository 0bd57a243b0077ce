import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WirewatchError } from '../base/errors.ts';

/** Sent with every answer. The console needs nothing from elsewhere, so nothing from elsewhere is allowed. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

export function setSecurityHeaders(reply: FastifyReply): void {
  reply.headers(HEADERS);
}

function nameOf(host: string): string {
  const bracket = /^\[([^\]]+)\]/.exec(host);
  return bracket?.[1] ?? host.replace(/:\d+$/, '');
}

/**
 * Refuses names that nobody configured: without this, a page whose name is rebound to 127.0.0.1 would be of the same origin.
 * Addresses and `localhost` cannot be rebound.
 */
export function checkHost(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const name = nameOf(request.headers.host ?? '').toLowerCase();
  if (name === 'localhost' || isIP(name) !== 0 || allowedHosts.includes(name)) return;
  throw new WirewatchError('WW_AUTH_FORBIDDEN', `this server does not answer to the name ${name.slice(0, 100)}`, {
    where: 'Host', remedy: 'use its address, or add the name to console.hosts of the configuration',
  });
}

/** A change that comes with a cookie must come from our own pages (the cookie is SameSite=Strict as well). */
export function checkOrigin(request: FastifyRequest): void {
  const origin = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  const same = origin === undefined ? site === undefined || site === 'same-origin' : hostOf(origin) === request.headers.host;
  if (!same) throw new WirewatchError('WW_AUTH_FORBIDDEN', 'a page of another origin may not do this', { where: 'Origin' });
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
