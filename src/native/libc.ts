import koffi from 'koffi';

/**
 * The calls of the C library that Node does not offer, by koffi. Loaded by entry points of child processes alone: a mistake here
 * ends a process, and it shall not be the one that holds the alerts.
 *
 * Constants are Linux's on x86-64 and arm64, where they are equal.
 */
const c = koffi.load('libc.so.6');

export const socket = c.func('int socket(int domain, int type, int protocol)') as (domain: number, type: number, protocol: number) => number;
export const close = c.func('int close(int fd)') as (fd: number) => number;
export const bind = c.func('int bind(int fd, void *address, uint32_t length)') as (fd: number, address: Uint8Array, length: number) => number;
export const connect = c.func('int connect(int fd, void *address, uint32_t length)') as (fd: number, address: Uint8Array, length: number) => number;
export const getsockname = c.func('int getsockname(int fd, void *address, void *length)') as (fd: number, address: Uint8Array, length: Uint8Array) => number;
export const setsockopt = c.func('int setsockopt(int fd, int level, int name, void *value, uint32_t length)') as (fd: number, level: number, name: number, value: Uint8Array, length: number) => number;
export const getsockopt = c.func('int getsockopt(int fd, int level, int name, void *value, void *length)') as (fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array) => number;
export const sendto = c.func('long sendto(int fd, void *bytes, size_t length, int flags, void *address, uint32_t addressLength)') as (
  fd: number, bytes: Uint8Array, length: number, flags: number, address: Uint8Array, addressLength: number,
) => number;
export const recvmmsg = c.func('int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)') as (fd: number, messages: bigint | object, count: number, flags: number, timeout: null) => number;
export const mmap = c.func('void *mmap(void *at, size_t length, int protection, int flags, int fd, int64_t offset)') as (
  at: null, length: number, protection: number, flags: number, fd: number, offset: bigint,
) => bigint | object;
export const munmap = c.func('int munmap(void *at, size_t length)') as (at: bigint | object, length: number) => number;
export const clockGettime = c.func('int clock_gettime(int clock, void *time)') as (clock: number, time: Uint8Array) => number;
export const ifNametoindex = c.func('uint32_t if_nametoindex(const char *name)') as (name: string) => number;
const strerror = c.func('const char *strerror(int code)') as (code: number) => string;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_PACKET = 17;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_BINDTODEVICE = 25;
export const SO_ATTACH_FILTER = 26;
export const SO_TIMESTAMPNS = 35;
export const MSG_DONTWAIT = 0x40;
export const PROT_READ_WRITE = 3;
export const MAP_SHARED = 1;
export const MAP_PRIVATE_ANONYMOUS = 0x22;
export const EPERM = 1;
export const EAGAIN = 11;
export const EACCES = 13;

/** Error number of the last call of this thread. */
export function errno(): number {
  return koffi.errno();
}

export function errorText(code: number): string {
  return strerror(code);
}

/** Address of mapped memory as an integer. */
export function addressOf(pointer: bigint | object): bigint {
  return typeof pointer === 'bigint' ? pointer : koffi.address(pointer);
}

/** An ArrayBuffer over mapped memory. The mapping must outlive every view of it. */
export function viewOf(pointer: bigint | object, length: number): ArrayBuffer {
  return koffi.view(pointer, length) as ArrayBuffer;
}

/** Four bytes in the machine's order, as socket options take them. */
export function int32(value: number): Uint8Array {
  const b = new Uint8Array(4);
  new DataView(b.buffer).setInt32(0, value, true);
  return b;
}
