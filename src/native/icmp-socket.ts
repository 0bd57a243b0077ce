import { formatIp, ipHex } from '../base/ip.ts';
import { WirewatchError } from '../base/errors.ts';
import {
  AF_INET, AF_INET6, EACCES, EPERM, MAP_PRIVATE_ANONYMOUS, MSG_DONTWAIT, PROT_READ_WRITE, SO_ATTACH_FILTER, SO_BINDTODEVICE, SO_RCVBUF, SO_TIMESTAMPNS, SOCK_CLOEXEC, SOCK_DGRAM,
  SOCK_NONBLOCK, SOCK_RAW, SOL_SOCKET, addressOf, bind, clockGettime, close, errno, errorText, getsockname, int32, mmap, munmap, recvmmsg, sendto, setsockopt,
  socket, viewOf,
} from './libc.ts';

/** One ICMP message that arrived. `bytes` is lent: valid during the callback. */
export interface EchoReply {
  readonly family: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence number where the message is an echo. */
  readonly id: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly source: string;
  /** The kernel's receive time, CLOCK_REALTIME: a late event loop is not in it. */
  readonly rxSeconds: number;
  readonly rxNanoseconds: number;
  /** Hop limit left, where the socket shows it; -1 = unknown. */
  readonly ttl: number;
}

export type SendOutcome = { readonly seconds: number; readonly nanoseconds: number } | { readonly errno: number; readonly message: string };

export interface IcmpSocket {
  readonly family: 4 | 6;
  /** `raw` sees every ICMP message of the wanted types; `dgram` (ping socket) echo replies of its own alone. */
  readonly mode: 'raw' | 'dgram';
  /** Identifier of our echo requests; with `dgram` it is the kernel's choice. */
  readonly localId: number;
  /** Sends one ICMP message; the checksum is filled in (v4) or the kernel's (v6). Returns when it left, or why it did not. */
  send(address: Uint8Array, type: number, code: number, id: number, seq: number, payload: Uint8Array, options?: { ttl?: number; scopeId?: number }): SendOutcome;
  /** Takes what has arrived, without waiting. Returns how many messages there were. */
  drain(onReply: (reply: EchoReply) => void): number;
  close(): void;
}

/** A raw socket of UDP or TCP: sends headers that the caller made and hears what comes back to one port. */
export interface TransportSocket {
  readonly family: 4 | 6;
  /** Sends one segment with its own checksum. */
  sendSegment(address: Uint8Array, segment: Uint8Array, ttl: number): SendOutcome;
  /** Takes what has arrived for the port; `at` is where the transport header begins. */
  drain(onReply: (reply: EchoReply) => void): number;
  close(): void;
}

export interface IcmpOptions {
  /** Sends through this interface (SO_BINDTODEVICE). */
  readonly interface?: string;
  /** Sends from this address of the machine, 4 or 16 bytes. */
  readonly source?: Uint8Array;
  /** Also hand over time-exceeded and unreachable messages (path traces); raw sockets only. */
  readonly errors?: boolean;
}

const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const SOL_RAW = 255;
const BATCH = 64;
const BUFFER = 1536;
const DEFAULT_TTL = 64;

// The arena: one mapped piece of memory that the kernel writes into, so that its addresses are known and stay.
const MESSAGES = 0;
const IOVECS = MESSAGES + BATCH * 64;
const NAMES = IOVECS + BATCH * 16;
const CONTROLS = NAMES + BATCH * 32;
const BUFFERS = CONTROLS + BATCH * 128;
const ARENA = BUFFERS + BATCH * BUFFER;

const clockBytes = new Uint8Array(16);
const clockView = new DataView(clockBytes.buffer);

/** The wall clock to the nanosecond, as two integers. */
export function clockRealtime(): { seconds: number; nanoseconds: number } {
  clockGettime(0, clockBytes);
  return { seconds: Number(clockView.getBigInt64(0, true)), nanoseconds: Number(clockView.getBigInt64(8, true)) };
}

/**
 * Opens a raw ICMP socket, or a ping socket where the process may not.
 *
 * @throws {WirewatchError} WW_PROBE_PRIVILEGE where neither is allowed, with the one command that allows it.
 */
export function openIcmpSocket(family: 4 | 6, options: IcmpOptions = {}): IcmpSocket {
  const domain = family === 4 ? AF_INET : AF_INET6;
  const protocol = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  let mode: 'raw' | 'dgram' = 'raw';
  let fd = socket(domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0 && options.errors !== true) {
    mode = 'dgram';
    fd = socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  }
  if (fd < 0) {
    const code = errno();
    const what = code === EPERM || code === EACCES ? 'this process may not open an ICMP socket' : `an ICMP socket cannot be opened: ${errorText(code)}`;
    throw new WirewatchError('WW_PROBE_PRIVILEGE', what, { remedy: `sudo setcap cap_net_raw+ep ${process.execPath}    (or: sudo sysctl -w net.ipv4.ping_group_range="0 2147483647")` });
  }
  return new LinuxIcmpSocket(family, mode, fd, options);
}

/**
 * Opens a raw socket that sends segments of UDP (17) or TCP (6) and hears those to `port`.
 *
 * @throws {WirewatchError} WW_PROBE_PRIVILEGE without CAP_NET_RAW.
 */
export function openTransportSocket(family: 4 | 6, protocol: 6 | 17, port: number, options: Pick<IcmpOptions, 'interface' | 'source'> = {}): TransportSocket {
  const fd = socket(family === 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) throw new WirewatchError('WW_PROBE_PRIVILEGE', `a raw socket cannot be opened: ${errorText(errno())}`, { remedy: `sudo setcap cap_net_raw+ep ${process.execPath}` });
  return new LinuxIcmpSocket(family, 'raw', fd, options, port);
}

class LinuxIcmpSocket implements IcmpSocket, TransportSocket {
  readonly family: 4 | 6;
  readonly mode: 'raw' | 'dgram';
  readonly localId: number;
  readonly #fd: number;
  readonly #memory: bigint | object;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #address: Uint8Array;
  readonly #addressView: DataView;
  #ttl = DEFAULT_TTL;

  constructor(family: 4 | 6, mode: 'raw' | 'dgram', fd: number, options: IcmpOptions, port?: number) {
    this.family = family;
    this.mode = mode;
    this.#fd = fd;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, int32(1), 4);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(4 << 20), 4);
    if (options.interface !== undefined) {
      const name = new TextEncoder().encode(`${options.interface}\0`);
      if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) < 0) {
        const code = errno();
        close(fd);
        throw new WirewatchError('WW_PROBE_OPTION', `the interface ${options.interface} cannot be used: ${errorText(code)}`);
      }
    }
    if (mode === 'raw' && port === undefined) filterTypes(fd, family, options.errors === true);
    this.#address = new Uint8Array(family === 4 ? 16 : 28);
    this.#addressView = new DataView(this.#address.buffer);
    this.#addressView.setUint16(0, family === 4 ? AF_INET : AF_INET6, true);
    if (options.source !== undefined) {
      this.#address.set(options.source, family === 4 ? 4 : 8);
      if (bind(fd, this.#address, this.#address.length) < 0) {
        const code = errno();
        close(fd);
        throw new WirewatchError('WW_PROBE_OPTION', `the source address cannot be used: ${errorText(code)}`);
      }
    }
    if (mode === 'dgram') {
      // The kernel numbers a ping socket by its "port"; binding to 0 chooses one.
      if (options.source === undefined) bind(fd, this.#address, this.#address.length);
      const length = int32(this.#address.length);
      const own = new Uint8Array(28);
      getsockname(fd, own, length);
      this.localId = (own[2] << 8) | own[3];
    } else {
      this.localId = process.pid & 0xffff;
    }
    this.#memory = mmap(null, ARENA, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0n);
    const base = addressOf(this.#memory);
    if (base === -1n || base === 0xffffffffffffffffn) throw new Error('mmap failed');
    const buffer = viewOf(this.#memory, ARENA);
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    if (port !== undefined) this.#filterPort(port, base);
    for (let i = 0; i < BATCH; i++) {
      const message = MESSAGES + i * 64;
      this.#view.setBigUint64(message, base + BigInt(NAMES + i * 32), true);
      this.#view.setBigUint64(message + 16, base + BigInt(IOVECS + i * 16), true);
      this.#view.setBigUint64(message + 24, 1n, true);
      this.#view.setBigUint64(message + 32, base + BigInt(CONTROLS + i * 128), true);
      this.#view.setBigUint64(IOVECS + i * 16, base + BigInt(BUFFERS + i * BUFFER), true);
      this.#view.setBigUint64(IOVECS + i * 16 + 8, BigInt(BUFFER), true);
    }
  }

  send(address: Uint8Array, type: number, code: number, id: number, seq: number, payload: Uint8Array, options: { ttl?: number; scopeId?: number } = {}): SendOutcome {
    const message = new Uint8Array(8 + payload.length);
    message[0] = type;
    message[1] = code;
    message[4] = id >> 8;
    message[5] = id;
    message[6] = seq >> 8;
    message[7] = seq;
    message.set(payload, 8);
    if (this.family === 4) {
      const sum = internetChecksum(message);
      message[2] = sum >> 8;
      message[3] = sum;
    }
    return this.sendSegment(address, message, options.ttl ?? DEFAULT_TTL, options.scopeId ?? 0);
  }

  sendSegment(address: Uint8Array, message: Uint8Array, ttl: number, scopeId = 0): SendOutcome {
    this.#address.set(address, this.family === 4 ? 4 : 8);
    if (this.family === 6) this.#addressView.setUint32(24, scopeId, true);
    if (ttl !== this.#ttl) {
      if (this.family === 4) setsockopt(this.#fd, 0, 2, int32(ttl), 4);
      else setsockopt(this.#fd, 41, 16, int32(ttl), 4);
      this.#ttl = ttl;
    }
    const now = clockRealtime();
    const sent = sendto(this.#fd, message, message.length, 0, this.#address, this.#address.length);
    if (sent >= 0) return now;
    const failed = errno();
    return { errno: failed, message: errorText(failed) };
  }

  drain(onReply: (reply: EchoReply) => void): number {
    let total = 0;
    for (;;) {
      for (let i = 0; i < BATCH; i++) {
        this.#view.setUint32(MESSAGES + i * 64 + 8, 32, true);
        this.#view.setBigUint64(MESSAGES + i * 64 + 40, 128n, true);
      }
      const n = recvmmsg(this.#fd, this.#memory, BATCH, MSG_DONTWAIT, null);
      if (n <= 0) return total;
      for (let i = 0; i < n; i++) this.#hand(i, onReply);
      total += n;
      if (n < BATCH) return total;
    }
  }

  close(): void {
    close(this.#fd);
    munmap(this.#memory, ARENA);
  }

  /**
   * Lets only segments to one port through, in the kernel: a raw socket would hear all of the machine's. IPv4 sockets see the
   * IP header, IPv6 ones do not. The program lies in the arena while the kernel copies it.
   */
  #filterPort(port: number, base: bigint): void {
    const load: readonly (readonly number[])[] = this.family === 4 ? [[0xb1, 0, 0, 0], [0x48, 0, 0, 2]] : [[0x28, 0, 0, 2]];
    const program = [...load, [0x15, 0, 1, port], [0x06, 0, 0, 0xffff], [0x06, 0, 0, 0]];
    program.forEach(([code, onTrue, onFalse, k], i) => {
      this.#view.setUint16(BUFFERS + i * 8, code, true);
      this.#view.setUint8(BUFFERS + i * 8 + 2, onTrue);
      this.#view.setUint8(BUFFERS + i * 8 + 3, onFalse);
      this.#view.setUint32(BUFFERS + i * 8 + 4, k, true);
    });
    const head = new Uint8Array(16);
    const view = new DataView(head.buffer);
    view.setUint16(0, program.length, true);
    view.setBigUint64(8, base + BigInt(BUFFERS), true);
    setsockopt(this.#fd, SOL_SOCKET, SO_ATTACH_FILTER, head, head.length);
  }

  #hand(i: number, onReply: (reply: EchoReply) => void): void {
    const b = this.#bytes;
    let at = BUFFERS + i * BUFFER;
    const end = at + this.#view.getUint32(MESSAGES + i * 64 + 56, true);
    let ttl = -1;
    if (this.family === 4 && this.mode === 'raw') {
      if (end - at < 20) return;
      ttl = b[at + 8];
      at += (b[at] & 15) * 4;
    }
    if (end - at < 8) return;
    const control = CONTROLS + i * 128;
    onReply({
      family: this.family, type: b[at], code: b[at + 1], id: (b[at + 4] << 8) | b[at + 5], seq: (b[at + 6] << 8) | b[at + 7], bytes: b, at, end,
      source: formatIp(ipHex(b, NAMES + i * 32 + (this.family === 4 ? 4 : 8), this.family)),
      rxSeconds: Number(this.#view.getBigInt64(control + 16, true)), rxNanoseconds: Number(this.#view.getBigInt64(control + 24, true)), ttl,
    });
  }
}

/** Lets only the wanted types through (ICMP_FILTER, ICMP6_FILTER): our own requests on loopback are not heard. */
function filterTypes(fd: number, family: 4 | 6, errors: boolean): void {
  if (family === 4) {
    const pass = (1 << 0) | (1 << 3) | (errors ? 1 << 11 : 0);
    setsockopt(fd, SOL_RAW, 1, int32(~pass), 4);
    return;
  }
  const filter = new Uint8Array(32).fill(0xff);
  for (const type of errors ? [129, 1, 3] : [129, 1]) filter[type >> 3] &= ~(1 << (type & 7));
  setsockopt(fd, IPPROTO_ICMPV6, 1, filter, 32);
}

/** The Internet checksum (RFC 1071) of an even or odd number of bytes, whose own checksum field is 0. */
function internetChecksum(b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < b.length; i += 2) sum += (b[i] << 8) | b[i + 1];
  if (b.length % 2 === 1) sum += b[b.length - 1] << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
