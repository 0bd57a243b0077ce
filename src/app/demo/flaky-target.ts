import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FlakyTarget {
  readonly port: number;
  stop(): Promise<void>;
}

/** One local service of the demo. Where `outage` is given, it stops listening from and to those milliseconds after the start, for real. */
export async function startTarget(name: string, outage: { readonly fromMs: number; readonly toMs: number } | null): Promise<FlakyTarget> {
  const server = http.createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain').end(`${name} is well\n`);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((listening, failed) => {
      server.once('error', failed);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', failed);
        listening();
      });
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const timers: NodeJS.Timeout[] = [];
  if (outage !== null) {
    timers.push(setTimeout(() => {
      server.close();
      server.closeAllConnections();
    }, outage.fromMs));
    // The port may be taken by then: the target stays down, which is what a monitor would then rightly say.
    timers.push(setTimeout(() => void listen(port).catch(() => undefined), outage.toMs));
  }
  return {
    port,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
