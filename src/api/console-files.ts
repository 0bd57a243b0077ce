import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const NOT_BUILT = 'The API answers at /api/v1. The console is not built: run `npm start`, or `node scripts/build-console.mjs`.\n';

/** Serves the built console; each page's address answers with the one document, which routes by itself. */
export async function serveConsole(app: FastifyInstance, folder: string | null): Promise<(reply: FastifyReply) => FastifyReply> {
  if (folder === null || !existsSync(path.join(folder, 'index.html'))) {
    return (reply) => reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
  }
  await app.register(fastifyStatic, {
    root: path.resolve(folder),
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders(reply, file) {
      // Vite puts a digest into the names below assets/, so that they never change.
      reply.header('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (reply) => reply.header('cache-control', 'no-cache').sendFile('index.html');
}
