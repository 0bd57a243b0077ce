import dgram from 'node:dgram';
import net from 'node:net';
import { z } from 'zod';
import { Fault } from './fault.ts';

/** Where a probe goes out: options that every probe over sockets takes. */
export const VIA_OPTIONS = {
  source: z.union([z.ipv4(), z.ipv6()]).optional().describe('Address of this machine to send from; the routes choose where it is left out.'),
  interface: z.string().min(1).max(15).optional().describe('Interface to send through, whatever the routes say (needs CAP_NET_RAW): so each uplink is measured apart.'),
};

export interface Via {
  readonly source?: string | undefined;
  readonly interface?: string | undefined;
}

/** What this machine cannot do is its own fault (`local`), never the target's. */
function checkSource(via: Via, family: 4 | 6): void {
  if (via.source !== undefined && net.isIP(via.source) !== family) throw new Fault('local', `the source ${via.source} is not an IPv${family} address`);
}

async function descriptor(via: Via, family: 4 | 6, kind: 'tcp' | 'udp'): Promise<number | undefined> {
  if (via.interface === undefined) return undefined;
  try {
    // Loaded here alone: the kinds of probes are listed by processes that must not load native code.
    const { openDeviceSocket } = await import('../native/device-socket.ts');
    return openDeviceSocket(family, kind, via.interface);
  } catch (error) {
    throw new Fault('local', (error as Error).message);
  }
}

/** A TCP socket that is not connected yet, leaving by the wanted way. */
export async function tcpSocket(via: Via, family: 4 | 6): Promise<net.Socket> {
  checkSource(via, family);
  const fd = await descriptor(via, family, 'tcp');
  return fd === undefined ? new net.Socket() : new net.Socket({ fd, readable: true, writable: true });
}

/** A bound UDP socket, leaving by the wanted way. The caller closes it. */
export async function udpSocket(via: Via, family: 4 | 6): Promise<dgram.Socket> {
  checkSource(via, family);
  const fd = await descriptor(via, family, 'udp');
  const socket = dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
  return await new Promise((done, refuse) => {
    socket.once('error', (error) => {
      socket.close();
      refuse(error);
    });
    const bound = (): void => {
      socket.removeAllListeners('error');
      done(socket);
    };
    // A descriptor is taken over as it is; to choose both, the interface wins and the kernel takes an address of it.
    if (fd !== undefined) socket.bind({ fd }, bound);
    else socket.bind({ address: via.source ?? (family === 6 ? '::' : '0.0.0.0'), port: 0 }, bound);
  });
}
