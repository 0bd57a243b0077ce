import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { TestAuthority } from './test-authority.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** A real SMTP server with STARTTLS under a test authority; `over` changes its behaviour. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  readonly port: number;
  readonly #server: SMTPServer;

  private constructor(server: SMTPServer, mails: ReceivedMail[]) {
    this.#server = server;
    this.mails = mails;
    this.port = (server.server.address() as AddressInfo).port;
  }

  static async start(authority: TestAuthority | undefined, login: { user: string; password: string }, over: Partial<SMTPServerOptions> = {}, host = '127.0.0.1'): Promise<MailServer> {
    const mails: ReceivedMail[] = [];
    const server = new SMTPServer({
      ...(authority === undefined ? { disabledCommands: ['STARTTLS'] } : { cert: authority.cert, key: authority.key }),
      authMethods: ['PLAIN', 'LOGIN'],
      onAuth(auth, _session, callback) {
        if (auth.username === login.user && auth.password === login.password) callback(null, { user: auth.username });
        else callback(Object.assign(new Error(`Invalid login ${auth.username} with ${auth.password}`), { responseCode: 535 }));
      },
      onData(stream, session, callback) {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          mails.push({
            from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address),
            raw: Buffer.concat(parts).toString('utf8'), secure: session.secure, user: session.user,
          });
          callback();
        });
      },
      ...over,
    });
    server.on('error', () => undefined);
    server.listen(0, host);
    await once(server.server, 'listening');
    return new MailServer(server, mails);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
