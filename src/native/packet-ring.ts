import { readFileSync } from 'node:fs';
import { WirewatchError } from '../base/errors.ts';
import { attachFilter } from './bpf.ts';
import {
  AF_PACKET, EACCES, EPERM, MAP_SHARED, PROT_READ_WRITE, SOCK_CLOEXEC, SOCK_RAW, addressOf, bind, close, errno, errorText, getsockopt, ifNametoindex, int32, mmap,
  munmap, setsockopt, socket, viewOf,
} from './libc.ts';

const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V3 = 2;
const ETH_P_ALL = 3;
const PACKET_MR_PROMISC = 1;
const PACKET_OUTGOING = 4;

const BLOCK_BYTES = 1 << 20;
const FRAME_BYTES = 2048;
const RETIRE_MS = 20;

// Block header (tpacket_block_desc), and packet header (tpacket3_hdr) with the sockaddr_ll behind it.
const BLOCK_STATUS = 8;
const BLOCK_PACKETS = 12;
const BLOCK_FIRST = 16;
const NEXT = 0;
const SECONDS = 4;
const NANOSECONDS = 8;
const CAPLEN = 12;
const WIRE_LEN = 16;
const STATUS = 20;
const MAC_OFFSET = 24;
const VLAN_TCI = 32;
const VLAN_TPID = 36;
const PACKET_TYPE = 58;
const STATUS_VLAN_VALID = 0x10;
const STATUS_VLAN_TPID_VALID = 0x40;
const TPID_8021Q = 0x8100;

const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;
const MAX_FRAME = 65_549 + 4;

/** Gets each packet in place: `bytes[at, at + caplen)` is valid during the call. */
export type RingPacket = (bytes: Uint8Array, at: number, caplen: number, wireLen: number, seconds: number, nanoseconds: number) => void;

export interface RingOptions {
  readonly interface: string;
  /** Capture filter; empty = everything. */
  readonly filter: string;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  /** Size of the ring: half a second of peak traffic survives a stalled process. */
  readonly ringBytes: number;
}

/**
 * The kernel's packet ring (AF_PACKET, TPACKET_V3) of one interface, mapped into this process: no system call and no copy a
 * packet. See packet(7) and the kernel's Documentation/networking/packet_mmap.rst.
 */
export class PacketRing {
  readonly linkType: number;
  readonly #fd: number;
  readonly #memory: bigint | object;
  readonly #length: number;
  readonly #blocks: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #words: Int32Array;
  readonly #loopback: boolean;
  readonly #scratch = new Uint8Array(MAX_FRAME);
  #current = 0;
  #received = 0;
  #dropped = 0;

  /** @throws {WirewatchError} WW_CAPTURE_PRIVILEGE, WW_CAPTURE_INTERFACE or WW_CAPTURE_FILTER. */
  constructor(options: RingOptions) {
    const index = ifNametoindex(options.interface);
    if (index === 0) throw new WirewatchError('WW_CAPTURE_INTERFACE', `there is no interface ${options.interface}`, { remedy: 'ip link lists the interfaces' });
    const hardware = hardwareType(options.interface);
    this.#loopback = hardware === ARPHRD_LOOPBACK;
    this.linkType = hardware === ARPHRD_ETHER || this.#loopback ? LINKTYPE_ETHERNET : LINKTYPE_RAW;
    // Protocol 0: nothing is received before the ring, the filter and the interface are set.
    this.#fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (this.#fd < 0) throw privilegeError(errno());
    this.#blocks = Math.max(4, Math.round(options.ringBytes / BLOCK_BYTES));
    this.#length = this.#blocks * BLOCK_BYTES;
    try {
      this.#set(PACKET_VERSION, int32(TPACKET_V3), 'version');
      const request = new Uint8Array(28);
      const v = new DataView(request.buffer);
      [BLOCK_BYTES, this.#blocks, FRAME_BYTES, (this.#length / FRAME_BYTES) | 0, RETIRE_MS, 0, 0].forEach((n, i) => v.setUint32(i * 4, n, true));
      this.#set(PACKET_RX_RING, request, 'ring');
      // The kernel leaves out loopback's second copy where it can (Linux 4.20); `drain` drops it where it cannot.
      if (this.#loopback) setsockopt(this.#fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, int32(1), 4);
      attachFilter(this.#fd, this.linkType, options.snaplen, options.filter);
      this.#memory = mmap(null, this.#length, PROT_READ_WRITE, MAP_SHARED, this.#fd, 0n);
      const at = addressOf(this.#memory);
      if (at === -1n || at === 0xffffffffffffffffn) throw new WirewatchError('WW_CAPTURE_PRIVILEGE', `the packet ring cannot be mapped: ${errorText(errno())}`, { remedy: 'lower capture.ring' });
      if (options.promiscuous) {
        const request_ = new Uint8Array(16);
        const m = new DataView(request_.buffer);
        m.setInt32(0, index, true);
        m.setUint16(4, PACKET_MR_PROMISC, true);
        this.#set(PACKET_ADD_MEMBERSHIP, request_, 'promiscuous mode');
      }
      const address = new Uint8Array(20);
      const a = new DataView(address.buffer);
      a.setUint16(0, AF_PACKET, true);
      a.setUint16(2, ETH_P_ALL, false);
      a.setInt32(4, index, true);
      if (bind(this.#fd, address, 20) < 0) throw new WirewatchError('WW_CAPTURE_INTERFACE', `${options.interface} cannot be captured: ${errorText(errno())}`);
    } catch (error) {
      close(this.#fd);
      throw error;
    }
    const buffer = viewOf(this.#memory, this.#length);
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    this.#words = new Int32Array(buffer);
  }

  /** Hands over the packets of at most `maxBlocks` full blocks; returns how many blocks there were. */
  drain(maxBlocks: number, onPacket: RingPacket): number {
    const view = this.#view;
    for (let n = 0; n < maxBlocks; n++) {
      const block = this.#current * BLOCK_BYTES;
      if ((Atomics.load(this.#words, (block + BLOCK_STATUS) >> 2) & 1) === 0) return n;
      const packets = view.getUint32(block + BLOCK_PACKETS, true);
      let p = block + view.getUint32(block + BLOCK_FIRST, true);
      for (let i = 0; i < packets; i++) {
        const next = view.getUint32(p + NEXT, true);
        // On loopback every packet comes twice: as sent and as received.
        if (!this.#loopback || this.#bytes[p + PACKET_TYPE] !== PACKET_OUTGOING) this.#packet(p, onPacket);
        p += next;
      }
      Atomics.store(this.#words, (block + BLOCK_STATUS) >> 2, 0);
      this.#current = this.#current + 1 === this.#blocks ? 0 : this.#current + 1;
    }
    return maxBlocks;
  }

  #packet(p: number, onPacket: RingPacket): void {
    const view = this.#view;
    const caplen = view.getUint32(p + CAPLEN, true);
    const at = p + view.getUint16(p + MAC_OFFSET, true);
    const status = view.getUint32(p + STATUS, true);
    const wireLen = view.getUint32(p + WIRE_LEN, true);
    const seconds = view.getUint32(p + SECONDS, true);
    const nanoseconds = view.getUint32(p + NANOSECONDS, true);
    if ((status & STATUS_VLAN_VALID) === 0 || caplen < 14 || caplen + 4 > MAX_FRAME) {
      onPacket(this.#bytes, at, caplen, wireLen, seconds, nanoseconds);
      return;
    }
    // The kernel took the VLAN tag off the bytes; it goes back behind the addresses.
    const s = this.#scratch;
    for (let i = 0; i < 12; i++) s[i] = this.#bytes[at + i];
    const tpid = (status & STATUS_VLAN_TPID_VALID) !== 0 ? view.getUint16(p + VLAN_TPID, true) : TPID_8021Q;
    const tci = view.getUint32(p + VLAN_TCI, true);
    s[12] = tpid >> 8;
    s[13] = tpid;
    s[14] = tci >> 8;
    s[15] = tci;
    s.set(this.#bytes.subarray(at + 12, at + caplen), 16);
    onPacket(s, 0, caplen + 4, wireLen + 4, seconds, nanoseconds);
  }

  /** Packets that the kernel received for this socket and dropped for lack of room, since the beginning. */
  statistics(): { received: number; dropped: number } {
    const counts = new Uint8Array(12);
    if (getsockopt(this.#fd, SOL_PACKET, PACKET_STATISTICS, counts, int32(12)) >= 0) {
      const v = new DataView(counts.buffer);
      // Reading clears the kernel's counters; `received` includes the dropped.
      this.#received += v.getUint32(0, true);
      this.#dropped += v.getUint32(4, true);
    }
    return { received: this.#received, dropped: this.#dropped };
  }

  /** The ring must not be read afterwards: its memory is gone. */
  close(): void {
    close(this.#fd);
    munmap(this.#memory, this.#length);
  }

  #set(option: number, value: Uint8Array, what: string): void {
    if (setsockopt(this.#fd, SOL_PACKET, option, value, value.length) >= 0) return;
    const code = errno();
    if (code === EPERM || code === EACCES) throw privilegeError(code);
    throw new WirewatchError('WW_CAPTURE_INTERFACE', `the packet socket refuses its ${what}: ${errorText(code)}`, { remedy: 'lower capture.ring, or capture by tcpdump' });
  }
}

function hardwareType(name: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/type`, 'utf8'));
  } catch {
    return ARPHRD_ETHER;
  }
}

/** What is missing, and the one command that grants it. */
export function privilegeError(code: number): WirewatchError {
  return new WirewatchError('WW_CAPTURE_PRIVILEGE', `this process may not capture packets: ${errorText(code)}`, { remedy: `sudo setcap cap_net_raw+ep ${process.execPath}` });
}
