import { createHash } from 'node:crypto';
import net from 'node:net';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { msOf } from '../../base/time.ts';
import type { Notification } from '../../model/index.ts';
import { authorityOf } from '../authority.ts';
import { defineChannel, type SendResult } from '../define-channel.ts';
import { rememberingLookup } from '../remembering-lookup.ts';

const address = z.string().regex(/^[^@\s]+@[^@\s]+$|<[^@\s]+@[^@\s]+>$/, 'not a mail address');

const options = z
  .strictObject({
    host: z.string().min(1).describe('Name of the mail server; its certificate must carry it.'),
    port: z.int().min(1).max(65_535).default(587).describe('587 (STARTTLS) or 465 (TLS from the first byte).'),
    tls: z.enum(['starttls', 'implicit', 'none']).optional()
      .describe('How the connection is secured; by default implicit on port 465, else STARTTLS, required and verified. `none` only to this machine.'),
    user: z.string().optional().describe('Login name.'),
    password: z.string().optional().describe('Its password; a secret.'),
    from: address.describe('Sender.'),
    to: z.array(address).min(1).describe('Recipients.'),
    ca: z.string().optional().describe('PEM of the authority to trust in place of the system\'s.'),
    caFile: z.string().optional().describe('File with that PEM.'),
    helo: z.string().optional().describe('Name to greet with; this machine\'s by default.'),
    timeoutMs: z.int().min(100).default(20_000).describe('Longest wait for connection, greeting or answer.'),
  })
  .refine((o) => o.tls !== 'none' || /^(127\.|::1$|localhost$)/.test(o.host), { path: ['tls'], message: 'mail leaves this machine unencrypted: `none` is for loopback only' })
  .refine((o) => (o.user === undefined) === (o.password === undefined), { path: ['password'], message: 'user and password go together' });

/** Message ids of a thread: the first mail of an outbreak has the id to which all later ones refer. */
export function threadOf(n: Notification, dedupKey: string, domain: string): { messageId: string; references: string[] } {
  const idOf = (text: string): string => `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${domain}>`;
  const starts = n.alerts.map((a) => a.startsAt).reduce((a, b) => (b < a ? b : a), n.alerts[0]?.startsAt ?? n.createdAt);
  const root = idOf(`outbreak\n${n.groupKey}\n${starts}`);
  const incident = n.incidentId === null ? [] : [idOf(`incident\n${n.incidentId}`)];
  // `first` begins an outbreak; its retries carry the same id, so a server that keeps ids keeps one mail.
  return n.reason === 'first' ? { messageId: root, references: incident } : { messageId: idOf(`mail\n${dedupKey}`), references: [...incident, root] };
}

/** Body as simple HTML: escaped text with a coloured bar, the link to the incident as a link. */
export function htmlOf(n: Notification): string {
  const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const colour = n.status === 'resolved' ? '#2e7d32' : n.severity === 'critical' || n.severity === 'error' ? '#c62828' : '#ef6c00';
  const link = n.link === null ? '' : `<p><a href="${escape(n.link)}">Open incident</a></p>`;
  return `<!doctype html><html><body style="font-family:sans-serif"><div style="border-left:6px solid ${colour};padding-left:12px">`
    + `<h3>${escape(n.subject)}</h3><pre style="font-family:monospace;white-space:pre-wrap">${escape(n.body)}</pre>${link}</div></body></html>`;
}

/** A connection to the mail server, plain as yet. */
async function connectTo(host: string, port: number, signal: AbortSignal, timeoutMs: number): Promise<net.Socket> {
  return await new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, lookup: rememberingLookup, autoSelectFamily: true, signal });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(Object.assign(new Error('no connection within the time allowed'), { code: 'ETIMEDOUT' })));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** 4yz may pass, 5yz will not (RFC 5321 §4.2.1); what happened before an answer may pass. */
function failureOf(error: SmtpError, signal: AbortSignal): SendResult {
  if (signal.aborted) return { outcome: 'retry', reason: 'no answer within the time allowed' };
  // Without its TLS this is not the server that was configured, or not now.
  if (error.code === 'ETLS') return { outcome: 'retry', reason: `TLS: ${error.message}` };
  const { responseCode: code, response } = error;
  const what = error.code === 'EAUTH' ? 'login refused' : error.code === 'EENVELOPE' ? 'sender or recipient refused' : 'refused';
  if (code !== undefined && code >= 500) return { outcome: 'permanent', reason: `${what}: ${response ?? code}` };
  if (code !== undefined && code >= 400) return { outcome: 'retry', reason: `${what}: ${response ?? code}` };
  // The server offers no login over this connection: it is not the one that was configured.
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return { outcome: 'permanent', reason: `login impossible: ${error.message}` };
  return { outcome: 'retry', reason: `${error.code ?? 'failed'}: ${error.message}` };
}

export const smtp = defineChannel({
  name: 'smtp',
  title: 'E-mail by SMTP',
  options,
  secrets: ['password'],
  async send(ctx, n, o) {
    const tls = o.tls ?? (o.port === 465 ? 'implicit' : 'starttls');
    const domain = /@([^@\s>]+)>?$/.exec(o.from)?.[1] ?? 'wirewatch.invalid';
    const thread = threadOf(n, ctx.dedupKey, domain);
    try {
      const ca = await authorityOf(o);
      const transport = createTransport({
        host: o.host, port: o.port, secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none',
        tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
        ...(o.user === undefined ? {} : { auth: { user: o.user, pass: o.password ?? '' }, forceAuth: true }),
        ...(o.helo === undefined ? {} : { name: o.helo }),
        connectionTimeout: o.timeoutMs, greetingTimeout: o.timeoutMs, socketTimeout: o.timeoutMs, dnsTimeout: o.timeoutMs,
        disableFileAccess: true, disableUrlAccess: true, allowInternalNetworkInterfaces: true,
        // The system's own look-up (hosts file, both families side by side), and the last good answer where name service is out.
        getSocket: (_options, callback) => {
          connectTo(o.host, o.port, ctx.signal, o.timeoutMs).then((connection) => callback(null, { connection }), (error: Error) => callback(error));
        },
      });
      const sent = await transport.sendMail({
        from: o.from, to: o.to, subject: n.subject, text: n.body, html: htmlOf(n), textEncoding: 'quoted-printable',
        messageId: thread.messageId, date: new Date(msOf(ctx.now)),
        ...(thread.references.length === 0 ? {} : { references: thread.references, inReplyTo: thread.references[thread.references.length - 1] }),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'X-Wirewatch-Delivery': ctx.dedupKey, ...(n.drill ? { 'X-Wirewatch-Drill': 'true' } : {}) },
        ...(n.severity === 'critical' && n.status === 'firing' ? { priority: 'high' as const } : {}),
        signal: ctx.signal,
      });
      const refused = sent.rejected.length === 0 ? '' : `; refused for ${sent.rejected.map(String).join(', ')}`;
      return { outcome: 'delivered', detail: `${sent.response}${refused}` };
    } catch (error) {
      return failureOf(error as SmtpError, ctx.signal);
    }
  },
});

export default smtp;
