import dgram from 'node:dgram';
import net from 'node:net';
import os from 'node:os';
import tls from 'node:tls';
import { z } from 'zod';
import { isoTime } from '../../base/time.ts';
import type { Notification, Severity } from '../../model/index.ts';
import { authorityOf } from '../authority.ts';
import { trustOptions } from '../conversation.ts';
import { defineChannel, type ChannelContext } from '../define-channel.ts';
import { networkFailure } from '../http-post.ts';
import { rememberingLookup } from '../remembering-lookup.ts';
import { cut, oneLine } from '../wording.ts';

const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'] as const;

const options = z.strictObject({
  host: z.string().min(1).describe('Collector.'),
  port: z.int().min(1).max(65_535).optional().describe('514, or 6514 with TLS.'),
  transport: z.enum(['udp', 'tcp', 'tls']).default('udp').describe('UDP confirms nothing: what is lost on the way is not known.'),
  facility: z.enum(FACILITIES).default('daemon'),
  ...trustOptions,
});

type Options = z.output<typeof options>;

/** Severities of RFC 5424 §6.2.1. */
const LEVEL: Readonly<Record<Severity, number>> = { critical: 2, error: 3, warning: 4, info: 6 };
/** Every receiver takes 2,048 octets (RFC 5424 §6.1); over UDP more may be cut. */
const TEXT_CHARS = 1_200;

/** One message of RFC 5424; the structured data carry the example enterprise number of RFC 5612. */
export function syslogMessage(n: Notification, dedupKey: string, facility: Options['facility'], hostname: string): string {
  const level = n.status === 'resolved' ? 5 : LEVEL[n.severity];
  const quoted = (text: string): string => cut(oneLine(text), 200).replace(/[\\"\]]/g, '\\$&');
  const facts = Object.entries({ status: n.status, severity: n.severity, reason: n.reason, incident: n.incidentId ?? '', delivery: dedupKey, drill: String(n.drill) });
  const data = `[wirewatch@32473 ${facts.map(([k, v]) => `${k}="${quoted(v)}"`).join(' ')}]`;
  const priority = FACILITIES.indexOf(facility) * 8 + level;
  // The mark before the text says that it is UTF-8 (RFC 5424 §6.4).
  return `<${priority}>1 ${isoTime(n.createdAt, 3)} ${hostname.replace(/[^!-~]/g, '') || '-'} wirewatch ${process.pid} notification ${data} \uFEFF${cut(`${oneLine(n.subject)}: ${oneLine(n.body)}`, TEXT_CHARS)}`;
}

async function sendUdp(message: Buffer, { host, port = 514 }: Options, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    rememberingLookup(host, {}, (error, address, family) => {
      if (error !== null || typeof address !== 'string') return reject(error ?? new Error('no address'));
      const socket = dgram.createSocket({ type: family === 6 ? 'udp6' : 'udp4', signal });
      socket.once('error', reject);
      socket.send(message, port, address, (failed) => {
        socket.close();
        if (failed === null) resolve();
        else reject(failed);
      });
    });
  });
}

/** Over TCP each message is preceded by its length (RFC 6587 §3.4.1), and TLS requires that (RFC 5425 §4.3). */
async function sendStream(message: Buffer, o: Options, ctx: ChannelContext): Promise<void> {
  const ca = await authorityOf(o);
  await new Promise<void>((resolve, reject) => {
    const secure = o.transport === 'tls';
    const place = { host: o.host, port: o.port ?? (secure ? 6514 : 514), lookup: rememberingLookup };
    const socket = secure ? tls.connect({ ...place, servername: net.isIP(o.host) === 0 ? o.host : '', minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }) : net.connect(place);
    const abort = (): void => void socket.destroy(new Error('no answer within the time allowed'));
    ctx.signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.end(Buffer.concat([Buffer.from(`${message.length} `), message])));
    // The peer's end confirms that it took what came before.
    socket.resume();
    socket.once('close', (failed) => {
      ctx.signal.removeEventListener('abort', abort);
      if (!failed) resolve();
    });
  });
}

export const syslog = defineChannel({
  name: 'syslog',
  title: 'Syslog (RFC 5424) over UDP, TCP or TLS',
  options,
  secrets: [],
  async send(ctx, n, o) {
    const message = Buffer.from(syslogMessage(n, ctx.dedupKey, o.facility, os.hostname()));
    try {
      if (o.transport === 'udp') await sendUdp(message, o, ctx.signal);
      else await sendStream(message, o, ctx);
      return { outcome: 'delivered', detail: o.transport === 'udp' ? 'sent, and not confirmed' : 'taken' };
    } catch (error) {
      return networkFailure(error, ctx.signal);
    }
  },
});

export default syslog;
