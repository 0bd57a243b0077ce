import { chmod, unlink } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Registry, type RegistryContentType } from 'prom-client';
import { bigintReplacer } from '../base/canonical-json.ts';
import { WirewatchError } from '../base/errors.ts';
import type { Permission } from '../model/index.ts';
import type { EvidenceContent, Services } from '../pipeline/services.ts';
import { Authority } from './authority.ts';
import { checkHost, checkOrigin, setSecurityHeaders } from './browser-guard.ts';
import { serveConsole } from './console-files.ts';
import type { Access, Route, RouteRequest } from './define-route.ts';
import { operatorIdentity, type Identity } from './identity.ts';
import { LiveEvents } from './live-events.ts';
import { openApiOf } from './openapi.ts';
import { describeError } from './request-errors.ts';
import { routes as allRoutes } from './routes.generated.ts';

export const SESSION_COOKIE = 'wirewatch_session';

export interface ApiOptions {
  readonly version: string;
  /** Milliseconds since the epoch, for sessions and limits. */
  readonly nowMs: () => number;
  /** What /metrics shows; without it /metrics is empty. */
  readonly registry?: Registry<RegistryContentType>;
  /** Folder of the built console; null = API only. */
  readonly consoleDir: string | null;
  /** Names under which the server may be addressed, beside addresses and localhost. */
  readonly allowedHosts?: readonly string[];
  /** Behind TLS (a reverse proxy): the cookie is sent over TLS only. */
  readonly secureCookie?: boolean;
  /** Told of bugs: requests that ended with 500. */
  readonly onBug?: (error: unknown, where: string) => void;
}

export interface Api {
  readonly app: FastifyInstance;
  readonly authority: Authority;
  readonly live: LiveEvents;
  /** Listens on loopback unless told otherwise; port 0 takes a free one. Returns the address, `http://127.0.0.1:8470`. */
  listen(address: { readonly host?: string; readonly port: number }): Promise<string>;
  /** Listens on a Unix socket with mode 0600: whoever can open it is the operator, `cli:<uid>`. */
  listenSocket(path: string): Promise<void>;
  /** Path and fragment of the one-time set-up link, `/setup#<token>`; null where there is an account. */
  setupPath(): Promise<string | null>;
  close(): Promise<void>;
}

/** Builds the server; nothing listens until asked. */
export async function createApi(services: Services, options: ApiOptions): Promise<Api> {
  const authority = new Authority(services, options.nowMs);
  const live = new LiveEvents(services.events);
  const registry = options.registry ?? new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const localSockets = new WeakSet<Socket>();
  const operator = operatorIdentity(process.getuid?.() ?? 0);
  const app = Fastify({ bodyLimit: 256 * 1024, routerOptions: { maxParamLength: 2000 }, forceCloseConnections: true });
  await app.register(fastifyCookie);

  async function identify(request: FastifyRequest): Promise<Identity | null> {
    if (localSockets.has(request.raw.socket)) return operator;
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '');
    if (bearer !== null) return await authority.identityOfToken(bearer[1]);
    const cookie = request.cookies[SESSION_COOKIE];
    return cookie === undefined ? null : await authority.identityOfCookie(cookie);
  }

  async function admit(request: FastifyRequest, access: Access): Promise<Identity | null> {
    const identity = await identify(request);
    const fromBrowser = identity === null || identity.via === 'session';
    if (request.method !== 'GET' && request.method !== 'HEAD' && fromBrowser) checkOrigin(request);
    if (access === 'public') return identity;
    if (identity === null) throw new WirewatchError('WW_AUTH_REQUIRED', 'sign in first', { remedy: 'sign in, or send an API token' });
    if (access !== 'signed-in' && !identity.permissions.has(access)) throw forbidden(access);
    return identity;
  }

  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply);
    if (!localSockets.has(request.raw.socket)) checkHost(request, options.allowedHosts ?? []);
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, body, bug } = describeError(error);
    if (bug) options.onBug?.(error, `${request.method} ${request.url.split('?')[0]}`);
    return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  });

  for (const route of allRoutes as readonly Route[]) {
    app.route({
      method: route.method,
      url: `${route.prefix ?? '/api/v1'}${route.path}`,
      handler: async (request, reply) => {
        const identity = await admit(request, route.permission);
        const call = callOf(route, request, reply, identity);
        const result = await route.handler(services, call);
        if (route.audit !== undefined) {
          await services.audit.write({
            actor: identity?.actor ?? call.actor, action: route.audit.action, object: route.audit.object(call),
            details: { address: call.address, ...route.audit.details?.(call) },
          });
        }
        reply.header('cache-control', 'no-store');
        if (route.response === undefined) return await sendFile(reply, result as EvidenceContent);
        return await reply.type('application/json; charset=utf-8').send(JSON.stringify(result, bigintReplacer));
      },
    });
  }

  function callOf(route: Route, request: FastifyRequest, reply: FastifyReply, identity: Identity | null): RouteRequest<unknown, unknown, unknown> {
    const cookie = request.cookies[SESSION_COOKIE];
    return {
      params: route.params?.parse(request.params) ?? {},
      query: route.query?.parse(request.query) ?? {},
      body: route.body?.parse(request.body) ?? {},
      identity,
      actor: identity?.actor ?? 'nobody',
      address: localSockets.has(request.raw.socket) ? 'local socket' : request.ip,
      authority,
      setSession(value) {
        if (cookie !== undefined) void authority.signOut(cookie).catch((error: unknown) => options.onBug?.(error, 'sign-out'));
        const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: options.secureCookie ?? false } as const;
        if (value === null) reply.clearCookie(SESSION_COOKIE, attributes);
        else reply.setCookie(SESSION_COOKIE, value, attributes);
      },
    };
  }

  app.get('/api/v1/events', async (request, reply) => {
    const identity = (await admit(request, 'overview.read'))!;
    if (live.full) throw new WirewatchError('WW_CONFLICT', 'too many live readers', { remedy: 'close some consoles' });
    reply.hijack();
    reply.raw.writeHead(200, { ...(reply.getHeaders() as http.OutgoingHttpHeaders), 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    live.add(reply.raw, identity, async () => {
      const now = await identify(request);
      return now !== null && now.permissions.has('overview.read') ? now : null;
    });
  });
  app.get('/api/v1/openapi.json', async (request) => {
    await admit(request, 'signed-in');
    return openApiOf(allRoutes as readonly Route[], options.version);
  });
  app.get('/metrics', async (request, reply) => {
    await admit(request, 'metrics.read');
    return await reply.type(registry.contentType).send(await registry.metrics());
  });

  const sendConsole = await serveConsole(app, options.consoleDir);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0];
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !path.startsWith('/assets/') && !path.includes('.');
    if (isPage) return sendConsole(reply);
    throw new WirewatchError('WW_NOT_FOUND', `there is nothing at ${path.slice(0, 200)}`, { remedy: 'see /api/v1/openapi.json' });
  });
  await app.ready();

  const servers: http.Server[] = [];
  return {
    app,
    authority,
    live,
    async listen({ host = '127.0.0.1', port }) {
      await app.listen({ host, port });
      const address = app.server.address() as AddressInfo;
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    },
    async listenSocket(socketPath) {
      await unlink(socketPath).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      const server = http.createServer((request, response) => app.routing(request, response));
      server.on('connection', (socket) => localSockets.add(socket));
      // Between bind and chmod the umask decides, so that nobody slips in.
      const umask = process.umask(0o177);
      try {
        await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
      } finally {
        process.umask(umask);
      }
      await chmod(socketPath, 0o600);
      servers.push(server);
    },
    async setupPath() {
      const token = await authority.createSetupToken();
      return token === null ? null : `/setup#${token}`;
    },
    async close() {
      live.close();
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await app.close();
    },
  };
}

function forbidden(permission: Permission): WirewatchError {
  return new WirewatchError('WW_AUTH_FORBIDDEN', `this needs the permission ${permission}`, {
    where: permission, remedy: 'ask a network security officer for a role that has it',
  });
}

async function sendFile(reply: FastifyReply, file: EvidenceContent): Promise<FastifyReply> {
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`);
  if (file.bytes !== null) reply.header('content-length', file.bytes);
  return await reply.type(file.mediaType).send(Readable.from(file.content, { objectMode: false }));
}
