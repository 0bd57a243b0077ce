import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestAuthority } from './test-authority.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> } | 'silence' | 'hang up';

/** A real HTTP or HTTPS server that keeps what it got and answers as told. */
export class TestHttpServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: http.Server;
  readonly #scheme: string;
  readonly #host: string;
  answer: (request: ReceivedRequest) => Answer;

  private constructor(server: http.Server, scheme: string, host: string, answer: (request: ReceivedRequest) => Answer) {
    this.#server = server;
    this.#scheme = scheme;
    this.#host = host;
    this.answer = answer;
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
        this.requests.push(received);
        const given = this.answer(received);
        if (given === 'silence') return;
        if (given === 'hang up') return void request.socket.destroy();
        response.writeHead(given.status, given.headers).end(given.body ?? '');
      });
    });
  }

  static async start(answer: (request: ReceivedRequest) => Answer, authority?: TestAuthority, host = '127.0.0.1'): Promise<TestHttpServer> {
    const server = authority === undefined ? http.createServer() : https.createServer({ cert: authority.cert, key: authority.key });
    server.listen(0, host);
    await once(server, 'listening');
    return new TestHttpServer(server, authority === undefined ? 'http' : 'https', host, answer);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#scheme}://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
