import { u32be } from '../base/bytes.ts';
import type { FrameHead } from '../wire/frame-head.ts';
import type { CaptureFormat, CaptureInterface } from './capture-format.ts';
import { DAMAGED, MAX_PACKET_BYTES, NEED_MORE, placePacket } from './capture-format.ts';

const FILE_HEAD = 16;
const RECORD_HEAD = 24;
/** Link types by data link (RFC 1761 §3): 802.3, token ring, Ethernet, FDDI. */
const DATA_LINKS: Readonly<Record<number, number>> = { 0: 1, 2: 6, 4: 1, 8: 10 };

/** Solaris snoop, version 2 (RFC 1761). */
export class SnoopFormat implements CaptureFormat {
  readonly name = 'snoop';
  fault: string;
  packet: boolean;
  readonly interfaces: CaptureInterface[];
  #linkType: number;

  constructor() {
    this.fault = '';
    this.packet = false;
    this.interfaces = [];
    this.#linkType = -1;
  }

  step(b: Uint8Array, at: number, end: number, head: FrameHead): number {
    if (this.#linkType < 0) {
      if (end - at < FILE_HEAD) return NEED_MORE;
      const kind = u32be(b, at + 12);
      this.#linkType = DATA_LINKS[kind] ?? -1;
      if (u32be(b, at + 4) !== 0x70000000 || u32be(b, at + 8) !== 2 || this.#linkType < 0) {
        this.fault = `snoop of version ${u32be(b, at + 8)} and data link ${kind} is not supported`;
        return DAMAGED;
      }
      this.interfaces.push({ linkType: this.#linkType, snaplen: 0, name: undefined, description: undefined, filter: undefined, unitsPerSecond: 1_000_000, offsetSeconds: 0 });
      return FILE_HEAD;
    }
    if (end - at < RECORD_HEAD) return NEED_MORE;
    const wireLen = u32be(b, at);
    const caplen = u32be(b, at + 4);
    const record = u32be(b, at + 8);
    if (caplen > MAX_PACKET_BYTES || record < RECORD_HEAD + caplen || record > RECORD_HEAD + MAX_PACKET_BYTES + 64) {
      this.fault = `a record of ${record} bytes claims ${caplen} captured bytes`;
      return DAMAGED;
    }
    if (end - at < record) return NEED_MORE;
    head.seconds = u32be(b, at + 16);
    head.nanoseconds = u32be(b, at + 20) * 1000;
    placePacket(head, this.#linkType, at + RECORD_HEAD, caplen, wireLen);
    this.packet = true;
    return record;
  }
}
