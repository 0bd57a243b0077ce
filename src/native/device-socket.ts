import { WirewatchError } from '../base/errors.ts';
import { AF_INET, AF_INET6, SO_BINDTODEVICE, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOL_SOCKET, close, errno, errorText, setsockopt, socket } from './libc.ts';

const SOCK_STREAM = 1;

/** Name of an interface as the kernel takes it. */
export function deviceName(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\0`);
}

/**
 * File descriptor of a new socket that sends and hears through one interface alone (SO_BINDTODEVICE), for Node to take over.
 *
 * The caller owns it. Whatever the routes say, packets leave there: so each of several uplinks can be measured.
 *
 * @throws {WirewatchError} WW_PROBE_OPTION where there is no such interface or it may not be used.
 */
export function openDeviceSocket(family: 4 | 6, kind: 'tcp' | 'udp', device: string): number {
  const fd = socket(family === 4 ? AF_INET : AF_INET6, (kind === 'tcp' ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const name = deviceName(device);
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) === 0) return fd;
  const code = errno();
  if (fd >= 0) close(fd);
  throw new WirewatchError('WW_PROBE_OPTION', `the interface ${device} cannot be used: ${errorText(code)}`);
}
