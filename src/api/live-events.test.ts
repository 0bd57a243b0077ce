import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { LiveEvent } from '../pipeline/services.ts';
import { operatorIdentity, type Identity } from './identity.ts';
import { LiveEvents } from './live-events.ts';

const OPERATOR = operatorIdentity(0);
const VIEWER: Identity = { ...OPERATOR, permissions: new Set(['overview.read']) };

/** A source of events, a server that streams them to whoever connects, as `identity`. */
async function streaming(identity: Identity) {
  const listeners = new Set<(event: LiveEvent) => void>();
  const live = new LiveEvents({
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    live.add(response, identity, async () => identity);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    live,
    listeners,
    emit: (event: LiveEvent) => listeners.forEach((listener) => listener(event)),
    connect: () => new Promise<http.IncomingMessage>((resolve, reject) => http.get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject)),
    async close() {
      live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a reader gets the events that it may see and no others', async () => {
  const s = await streaming(VIEWER);
  try {
    const response = await s.connect();
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    s.emit({ type: 'mail', id: 'secret' });
    s.emit({ type: 'traffic', sample: { time: 5n, bitsPerSecond: 1, packetsPerSecond: 1, flowsPerSecond: 1, droppedPerSecond: 0 }, captures: [] });
    await until(() => text.includes('event: traffic'));
    assert.match(text, /"time":"5"/);
    assert.ok(!text.includes('secret'));
  } finally {
    await s.close();
  }
});

test('a reader that does not read is cut off and counted, and does not hold back the others', async () => {
  const s = await streaming(OPERATOR);
  try {
    const slow = await s.connect();
    slow.pause();
    slow.on('error', () => undefined);
    const quick = await s.connect();
    let received = 0;
    quick.on('data', (chunk: Buffer) => (received += chunk.length));
    quick.on('error', () => undefined);
    const event: LiveEvent = { type: 'mail', id: 'x'.repeat(60_000) };
    for (let i = 0; i < 400 && s.live.dropped === 0; i++) {
      const before = received;
      s.emit(event);
      await until(() => received > before);
    }
    assert.equal(s.live.dropped, 1);
    await until(() => s.live.readers === 1);
  } finally {
    await s.close();
  }
});

test('nobody listens to the program where nobody reads', async () => {
  const s = await streaming(OPERATOR);
  try {
    assert.equal(s.listeners.size, 0);
    const response = await s.connect();
    await until(() => s.listeners.size === 1);
    response.destroy();
    await until(() => s.listeners.size === 0);
  } finally {
    await s.close();
  }
});
