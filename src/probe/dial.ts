import net from 'node:net';
import type dgram from 'node:dgram';
import type { ProbeContext } from './define-probe.ts';
import { Fault } from './fault.ts';
import { tcpSocket, udpSocket, type Via } from './via.ts';

/** Where to: one address, one port, one way out. */
export interface Place {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly via: Via;
}

export interface Dialed {
  readonly socket: net.Socket;
  /** From the first SYN to the end of the handshake. */
  readonly ns: number;
}

/** Milliseconds that are left of a round that began at `startedNs`. */
export function leftMs(ctx: ProbeContext, startedNs: bigint): number {
  return Math.max(1, ctx.timeoutMs - Number(ctx.monotonicNs() - startedNs) / 1e6);
}

/** Connects over TCP; the caller destroys the socket. Throws a `Fault` or the socket's error. */
export async function dialTcp(ctx: ProbeContext, place: Place, timeoutMs: number): Promise<Dialed> {
  const socket = await tcpSocket(place.via, place.family);
  return await new Promise((done, refuse) => {
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      ctx.signal.removeEventListener('abort', stop);
      socket.destroy();
      refuse(error as Error);
    };
    const timer = setTimeout(() => fail(new Fault('timeout', `no answer on port ${place.port} in time`)), timeoutMs);
    const stop = (): void => fail(new Fault('timeout', 'the round was ended'));
    ctx.signal.addEventListener('abort', stop, { once: true });
    socket.once('error', fail);
    const startedNs = ctx.monotonicNs();
    socket.connect({ host: place.address, port: place.port, ...(place.via.source === undefined ? {} : { localAddress: place.via.source }) }, () => {
      const ns = Number(ctx.monotonicNs() - startedNs);
      clearTimeout(timer);
      ctx.signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      // Whoever talks over it listens for errors; one that comes when nobody does any more must not end the process.
      socket.on('error', () => undefined);
      done({ socket, ns });
    });
  });
}

/**
 * A UDP socket connected to the target, so that an ICMP "port unreachable" is heard as a refusal and a stranger's datagram not at
 * all. The caller closes it.
 */
export async function dialUdp(place: Place): Promise<dgram.Socket> {
  const socket = await udpSocket(place.via, place.family);
  return await new Promise((done, refuse) => {
    socket.connect(place.port, place.address, (error?: Error | null) => {
      if (error === undefined || error === null) return done(socket);
      socket.close();
      refuse(error);
    });
  });
}

export interface Exchanged {
  readonly response: Buffer;
  readonly ns: number;
}

/** Sends one datagram and waits for the answer that `accepts`. Throws a `Fault` or the socket's error; the socket stays open. */
export function exchangeUdp(ctx: ProbeContext, socket: dgram.Socket, request: Uint8Array, timeoutMs: number, accepts: (response: Buffer) => boolean): Promise<Exchanged> {
  return new Promise((done, refuse) => {
    const end = (act: () => void): void => {
      clearTimeout(timer);
      socket.removeAllListeners('message');
      socket.removeAllListeners('error');
      ctx.signal.removeEventListener('abort', stop);
      // A refusal that comes late must not end the process.
      socket.on('error', () => undefined);
      act();
    };
    const timer = setTimeout(() => end(() => refuse(new Fault('timeout', 'no answer in time'))), timeoutMs);
    const stop = (): void => end(() => refuse(new Fault('timeout', 'the round was ended')));
    ctx.signal.addEventListener('abort', stop, { once: true });
    socket.removeAllListeners('error');
    socket.once('error', (error) => end(() => refuse(error)));
    const startedNs = ctx.monotonicNs();
    socket.on('message', (response) => {
      const ns = Number(ctx.monotonicNs() - startedNs);
      if (accepts(response)) end(() => done({ response, ns }));
    });
    socket.send(request);
  });
}
