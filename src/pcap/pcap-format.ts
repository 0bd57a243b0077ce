import * as bytes from '../base/bytes.ts';
import type { FrameHead } from '../wire/frame-head.ts';
import type { CaptureFormat, CaptureInterface, PacketReceiver } from './capture-format.ts';
import * as captureFormat from './capture-format.ts';
import * as linkTypes from './link-types.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u32le } = bytes;
const { DAMAGED, MAX_PACKET_BYTES, MAX_WIRE_LEN, NEED_MORE, PSEUDO_HEADER, placePacket } = captureFormat;
const { LINK_TYPES } = linkTypes;

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
  #bytes: Uint8Array;
  #view: DataView;
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
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
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
    const unit = this.#unit | 0;
    const little = this.#u32 === u32le;
    if (b !== this.#bytes) {
      this.#bytes = b;
      this.#view = new DataView(b.buffer, b.byteOffset, b.length);
    }
    const v = this.#view;
    const hasPseudoHeader = PSEUDO_HEADER[linkType] !== undefined;
    head.linkType = linkType;
    let p = at;
    while (end - p >= skip) {
      const caplen = v.getUint32(p + 8, little);
      if (caplen > MAX_PACKET_BYTES || end - p < skip + caplen) break;
      const wireLen = v.getUint32(p + 12, little);
      head.seconds = v.getUint32(p, little);
      head.nanoseconds = Math.imul(v.getUint32(p + 4, little), unit);
      if (hasPseudoHeader) placePacket(head, linkType, p + skip, caplen, wireLen);
      else {
        head.at = p + skip;
        head.caplen = caplen;
        head.wireLen = wireLen > MAX_WIRE_LEN ? MAX_WIRE_LEN : wireLen;
      }
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
