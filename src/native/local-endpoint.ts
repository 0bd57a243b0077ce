import { WirewatchError } from '../base/errors.ts';
import { AF_INET, AF_INET6, SO_BINDTODEVICE, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET, bind, close, connect, errno, errorText, getsockname, int32, setsockopt, socket } from './libc.ts';
import { deviceName } from './device-socket.ts';

const SOCK_STREAM = 1;

/** An address and a port of this machine, held until it is closed: nobody else gets the port. */
export interface LocalEndpoint {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
  close(): void;
}

function socketAddress(family: 4 | 6, address: Uint8Array, port: number): Uint8Array {
  const b = new Uint8Array(family === 4 ? 16 : 28);
  new DataView(b.buffer).setUint16(0, family === 4 ? AF_INET : AF_INET6, true);
  b[2] = port >> 8;
  b[3] = port;
  b.set(address, family === 4 ? 4 : 8);
  return b;
}

function open(family: 4 | 6, type: number, device: string | undefined): number {
  const fd = socket(family === 4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0);
  if (fd >= 0 && device !== undefined) {
    const name = deviceName(device);
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) < 0) refuse(fd, `the interface ${device} cannot be used`);
  }
  return fd;
}

function refuse(fd: number, what: string): never {
  const code = errno();
  close(fd);
  throw new WirewatchError('WW_PROBE_OPTION', `${what}: ${errorText(code)}`);
}

/**
 * The address that the routes choose towards a target, or `source`, with a free port for UDP or TCP.
 *
 * @throws {WirewatchError} WW_PROBE_OPTION where there is no route, or the address or interface is not this machine's.
 */
export function localEndpoint(family: 4 | 6, kind: 'tcp' | 'udp', target: Uint8Array, options: { readonly source?: Uint8Array; readonly interface?: string } = {}): LocalEndpoint {
  const own = new Uint8Array(28);
  const addressAt = family === 4 ? 4 : 8;
  const addressEnd = addressAt + (family === 4 ? 4 : 16);
  let address = options.source;
  if (address === undefined) {
    const scout = open(family, SOCK_DGRAM, options.interface);
    const to = socketAddress(family, target, 9);
    if (connect(scout, to, to.length) < 0) refuse(scout, 'there is no route to the target');
    getsockname(scout, own, int32(own.length));
    close(scout);
    address = own.slice(addressAt, addressEnd);
  }
  const held = open(family, kind === 'tcp' ? SOCK_STREAM : SOCK_DGRAM, options.interface);
  const from = socketAddress(family, address, 0);
  if (bind(held, from, from.length) < 0) refuse(held, 'the source address cannot be used');
  getsockname(held, own, int32(own.length));
  return { address, port: (own[2] << 8) | own[3], close: () => void close(held) };
}
