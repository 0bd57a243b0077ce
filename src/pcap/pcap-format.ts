import { u32be, u32le } from '../base/bytes.ts';
import type { FrameHead } from '../wire/frame-head.ts';
import type { CaptureFormat, CaptureInterface, PacketReceiver } from './capture-format.ts';
import { DAMAGED, MAX_PACKET_BYTES, NEED_MORE, placePacket } from './capture-format.ts';
import { LINK_TYPES } from './link-types.ts';

const FILE_HEAD = 24;

/**
 * Classic pcap (draft-ietf-opsawg-pcap): a head of 24 bytes, then records.
 *
 *     seconds | fraction | bytes here | bytes sent | packet ...
 */
export class PcapFormat implements CaptureFormat {
  readonly name = 'pcap';
  fault: string;
  packet: boolean;
  readonly interfaces: CaptureInterface[];
  readonly #u16: (b: Uint8Array, at: number) => number;
  readonly #u32: (b: Uint8Array, at: number) => number;
  /** Nanoseconds in a unit of the fraction. */
  readonly #unit: number;
  readonly #recordHead: number;
  #linkType: number;
  #minor: number;

  constructor(u16: (b: Uint8Array, at: number) => number, u32: (b: Uint8Array, at: number) => number, unit: number, recordHead: number) {
    this.fault = '';
    this.packet = false;
    this.interfaces = [];
    this.#u16 = u16;
    this.#u32 = u32;
    this.#unit = unit;
    this.#recordHead = recordHead;
    this.#linkType = -1;
    this.#minor = 4;
  }

  step(b: Uint8Array, at: number, end: number, head: FrameHead): number {
    if (this.#linkType < 0) return this.#fileHead(b, at, end);
    if (end - at < this.#recordHead) return NEED_MORE;
    const u32 = this.#u32;
    let caplen = u32(b, at + 8);
    let wireLen = u32(b, at + 12);
    // Versions before 2.3 had the two lengths the other way round, and 2.3 has both kinds.
    if (this.#minor < 3 || (this.#minor === 3 && caplen > wireLen)) {
      const swap = caplen;
      caplen = wireLen;
      wireLen = swap;
    }
    if (caplen > MAX_PACKET_BYTES) {
      this.fault = `a packet claims ${caplen} captured bytes, more than the ${MAX_PACKET_BYTES} that any has`;
      return DAMAGED;
    }
    if (end - at < this.#recordHead + caplen) return NEED_MORE;
    head.seconds = u32(b, at);
    // A fraction beyond a second (a broken writer) is kept in 32 bits, as others read it, so that times compare with theirs.
    head.nanoseconds = Math.imul(u32(b, at + 4), this.#unit);
    placePacket(head, this.#linkType, at + this.#recordHead, caplen, wireLen);
    this.packet = true;
    return this.#recordHead + caplen;
  }

  /**
   * Takes all whole packets of `b[at..end)` and returns where it stopped: at a record that is cut, damaged or of an old version, or
   * at the file's head; `step` takes it from there. The same as `step` again and again, at half its price.
   */
  packets(b: Uint8Array, at: number, end: number, head: FrameHead, receiver: PacketReceiver): number {
    if (this.#linkType < 0 || this.#minor < 4) return at;
    const linkType = this.#linkType;
    const skip = this.#recordHead;
    const unit = this.#unit;
    const little = this.#u32 === u32le;
    let p = at;
    while (end - p >= skip) {
      const caplen = little ? u32le(b, p + 8) : u32be(b, p + 8);
      if (caplen > MAX_PACKET_BYTES || end - p < skip + caplen) break;
      const wireLen = little ? u32le(b, p + 12) : u32be(b, p + 12);
      head.seconds = little ? u32le(b, p) : u32be(b, p);
      head.nanoseconds = Math.imul(little ? u32le(b, p + 4) : u32be(b, p + 4), unit);
      placePacket(head, linkType, p + skip, caplen, wireLen);
      const goesOn = receiver.take(head, p);
      p += skip + caplen;
      if (!goesOn) break;
    }
    return p;
  }

  #fileHead(b: Uint8Array, at: number, end: number): number {
    if (end - at < FILE_HEAD) return NEED_MORE;
    const major = this.#u16(b, at + 4);
    this.#minor = this.#u16(b, at + 6);
    const network = this.#u32(b, at + 20);
    if (major !== 2) {
      this.fault = `pcap version ${major}.${this.#minor} is not known`;
      return DAMAGED;
    }
    // Above 16 bits stand the length of the frame check sequence and reserved bits.
    if ((network & 0x03ff0000) !== 0) {
      this.fault = `reserved bits of the link type are set (0x${network.toString(16)})`;
      return DAMAGED;
    }
    const linkType = network & 0xffff;
    if (LINK_TYPES[linkType] === undefined) {
      this.fault = `link type ${linkType} is not supported`;
      return DAMAGED;
    }
    this.#linkType = linkType;
    this.interfaces.push({
      linkType, snaplen: this.#u32(b, at + 16), name: undefined, description: undefined, filter: undefined,
      unitsPerSecond: 1_000_000_000 / this.#unit, offsetSeconds: 0,
    });
    return FILE_HEAD;
  }
}
