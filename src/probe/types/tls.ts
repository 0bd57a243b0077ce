import { z } from 'zod';
import { TLS_OPTIONS } from '../certificate.ts';
import { converse } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';
import { VIA_OPTIONS } from '../via.ts';

/** A TLS service: handshake, certificate with its chain, name and expiry (RFC 8446, RFC 5280, RFC 9525). */
export const tlsProbe = defineProbe({
  name: 'tls',
  title: 'TLS handshake and certificate',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).default(443),
    minDays: z.number().min(0).max(3650).default(0).describe('Days that each certificate of the chain must still be valid; a threshold `certificateExpiry` of the check only degrades it.'),
    fingerprint: z.string().regex(/^[0-9a-fA-F:]{64,95}$/).optional().describe('SHA-256 that the server\'s certificate must have: pinned.'),
    ...TLS_OPTIONS, ...VIA_OPTIONS,
  }),
  run: (ctx, target, o) => converse(ctx, target, { ...o, tls: 'none' }, async (c) => {
    await c.secure(target.address, o);
    const pinned = o.fingerprint?.replaceAll(':', '').toLowerCase();
    if (pinned !== undefined && c.notes.certificate_sha256 !== pinned) throw new Fault('tls', `the certificate is another than the pinned one: ${c.notes.certificate_sha256}`);
    const days = c.measurements.chain_expiry_seconds / 86_400;
    if (o.minDays > 0 && days < o.minDays) throw new Fault('tls', `a certificate of the chain ends in ${days.toFixed(1)} days`);
  }),
});
export default tlsProbe;
