import { u16be, u16le, u32be, u32le } from '../base/bytes.ts';
import type { CaptureSecrets, FrameHead } from '../wire/frame-head.ts';
import { NO_COMMENTS } from '../wire/frame-head.ts';
import type { CaptureFormat, CaptureInterface } from './capture-format.ts';
import { DAMAGED, MAX_PACKET_BYTES, MAX_RECORD_BYTES, NEED_MORE, placePacket } from './capture-format.ts';
import { LINKTYPE_NONE, LINK_TYPES } from './link-types.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const STATISTICS = 5;
const PACKET = 6;
const JOURNAL = 9;
const SECRETS = 10;
const CUSTOM = 0x0bad;
const CUSTOM_NOT_COPIED = 0x40000bad;

const OPT_COMMENT = 1;
/** Secrets of all sections that are kept, bytes. */
const MAX_SECRETS = 8 * 1024 * 1024;

/** What one section says of itself. */
export interface CaptureSection {
  hardware: string | undefined;
  os: string | undefined;
  application: string | undefined;
  readonly comments: string[];
}

/**
 * pcapng (draft-ietf-opsawg-pcapng): blocks of any order in one or more sections, each section with its own byte order.
 *
 *     type | total length | body ... | total length
 */
export class PcapngFormat implements CaptureFormat {
  readonly name = 'pcapng';
  fault: string;
  packet: boolean;
  /** Interfaces of all sections, in order. */
  readonly interfaces: CaptureInterface[];
  readonly sections: CaptureSection[];
  readonly secrets: CaptureSecrets[];
  /** Packets that interfaces say they lost (the newest statistics of each are summed). */
  readonly droppedByInterface: number[];
  #u16: (b: Uint8Array, at: number) => number;
  #u32: (b: Uint8Array, at: number) => number;
  #firstInterface: number;
  #secretBytes: number;

  constructor() {
    this.fault = '';
    this.packet = false;
    this.interfaces = [];
    this.sections = [];
    this.secrets = [];
    this.droppedByInterface = [];
    this.#u16 = u16le;
    this.#u32 = u32le;
    this.#firstInterface = 0;
    this.#secretBytes = 0;
  }

  step(b: Uint8Array, at: number, end: number, head: FrameHead): number {
    if (end - at < 12) return NEED_MORE;
    const isSection = u32be(b, at) === SECTION;
    if (isSection) {
      const magic = u32be(b, at + 8);
      if (magic === 0x1a2b3c4d) {
        this.#u16 = u16be;
        this.#u32 = u32be;
      } else if (magic === 0x4d3c2b1a) {
        this.#u16 = u16le;
        this.#u32 = u32le;
      } else return this.#damaged('a section has no byte-order magic');
    } else if (this.sections.length === 0) return this.#damaged('the file does not begin with a section');
    const total = this.#u32(b, at + 4);
    if (total < 12 || total > MAX_RECORD_BYTES) return this.#damaged(`a block claims ${total} bytes`);
    // The length is a multiple of four; writers that forgot the padding are read all the same.
    const padded = (total + 3) & ~3;
    if (end - at < padded) {
      if (padded === total || end - at < total) return NEED_MORE;
    }
    const bodyEnd = at + total - 4;
    if (this.#u32(b, bodyEnd) !== total) return this.#damaged('the two lengths of a block differ');
    const body = at + 8;
    const type = isSection ? SECTION : this.#u32(b, at);
    let bad = false;
    if (type === PACKET) bad = this.#enhanced(b, body, bodyEnd, head);
    else if (type === SIMPLE_PACKET) bad = this.#simple(b, body, bodyEnd, head);
    else if (type === OLD_PACKET) bad = this.#old(b, body, bodyEnd, head);
    else if (type === SECTION) bad = this.#section(b, body, bodyEnd);
    else if (type === INTERFACE) bad = this.#interface(b, body, bodyEnd);
    else if (type === SECRETS) bad = this.#keepSecrets(b, body, bodyEnd);
    else if (type === STATISTICS) bad = this.#statistics(b, body, bodyEnd);
    else if (type === CUSTOM || type === CUSTOM_NOT_COPIED || type === JOURNAL) this.#record(type === JOURNAL ? body : body + 4, bodyEnd, head);
    return bad ? DAMAGED : Math.min(padded, end - at);
  }

  #damaged(fault: string): number {
    this.fault = fault;
    return DAMAGED;
  }

  #refuse(fault: string): boolean {
    this.fault = fault;
    return true;
  }

  #section(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 16) return this.#refuse('a section head is too short');
    const major = this.#u16(b, at + 4);
    const minor = this.#u16(b, at + 6);
    // The draft: 1.2 is written by some and reads like 1.0.
    if (major !== 1 || (minor !== 0 && minor !== 2)) return this.#refuse(`pcapng version ${major}.${minor} is not known`);
    const section: CaptureSection = { hardware: undefined, os: undefined, application: undefined, comments: [] };
    this.sections.push(section);
    this.#firstInterface = this.interfaces.length;
    return this.#options(b, at + 16, end, (code, from, to) => {
      const text = plainText(b, from, to);
      if (code === OPT_COMMENT) section.comments.push(text);
      else if (code === 2) section.hardware = text;
      else if (code === 3) section.os = text;
      else if (code === 4) section.application = text;
    });
  }

  #interface(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 8) return this.#refuse('an interface block is too short');
    const linkType = this.#u16(b, at);
    if (LINK_TYPES[linkType] === undefined) return this.#refuse(`link type ${linkType} is not supported`);
    const face: CaptureInterface = { linkType, snaplen: this.#u32(b, at + 4), name: undefined, description: undefined, filter: undefined, unitsPerSecond: 1_000_000, offsetSeconds: 0 };
    this.interfaces.push(face);
    return this.#options(b, at + 8, end, (code, from, to) => {
      if (code === 2) face.name = plainText(b, from, to);
      else if (code === 3) face.description = plainText(b, from, to);
      else if (code === 9 && to > from) face.unitsPerSecond = (b[from] & 0x80) !== 0 ? 2 ** (b[from] & 0x7f) : 10 ** b[from];
      else if (code === 11 && to > from + 1 && b[from] === 0) face.filter = plainText(b, from + 1, to);
      else if (code === 14 && to - from === 8) {
        const high = this.#u32(b, this.#u16 === u16be ? from : from + 4) | 0;
        face.offsetSeconds = high * 4_294_967_296 + this.#u32(b, this.#u16 === u16be ? from + 4 : from);
      }
    });
  }

  #keepSecrets(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 8) return this.#refuse('a secrets block is too short');
    const length = this.#u32(b, at + 4);
    if (length > end - at - 8) return this.#refuse('secrets are longer than their block');
    if (this.#secretBytes + length > MAX_SECRETS) return false;
    this.#secretBytes += length;
    this.secrets.push({ type: this.#u32(b, at), bytes: b.slice(at + 8, at + 8 + length) });
    return false;
  }

  #statistics(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 12) return this.#refuse('a statistics block is too short');
    const face = this.#firstInterface + this.#u32(b, at);
    return this.#options(b, at + 12, end, (code, from, to) => {
      if (code === 5 && to - from === 8) this.droppedByInterface[face] = this.#u32(b, this.#u16 === u16be ? from + 4 : from);
    });
  }

  #enhanced(b: Uint8Array, at: number, end: number, head: FrameHead): boolean {
    if (end - at < 20) return this.#refuse('a packet block is too short');
    return this.#packet(b, this.#u32(b, at), this.#u32(b, at + 4), this.#u32(b, at + 8), this.#u32(b, at + 12), this.#u32(b, at + 16), at + 20, end, head);
  }

  #old(b: Uint8Array, at: number, end: number, head: FrameHead): boolean {
    if (end - at < 20) return this.#refuse('a packet block is too short');
    return this.#packet(b, this.#u16(b, at), this.#u32(b, at + 4), this.#u32(b, at + 8), this.#u32(b, at + 12), this.#u32(b, at + 16), at + 20, end, head);
  }

  #simple(b: Uint8Array, at: number, end: number, head: FrameHead): boolean {
    if (end - at < 4) return this.#refuse('a packet block is too short');
    const face = this.interfaces[this.#firstInterface];
    if (face === undefined) return this.#refuse('a packet comes before its interface');
    const wireLen = this.#u32(b, at);
    const caplen = face.snaplen > 0 ? Math.min(wireLen, face.snaplen) : wireLen;
    if (caplen > end - at - 4) return this.#refuse('a packet is longer than its block');
    this.#fill(head, face, this.#firstInterface, at + 4, caplen, wireLen);
    head.seconds = 0;
    head.nanoseconds = 0;
    return false;
  }

  #packet(b: Uint8Array, id: number, high: number, low: number, caplen: number, wireLen: number, at: number, end: number, head: FrameHead): boolean {
    const index = this.#firstInterface + id;
    const face = this.interfaces[index];
    if (face === undefined) return this.#refuse(`a packet names interface ${id}, which was not described`);
    if (caplen > MAX_PACKET_BYTES || caplen > end - at) return this.#refuse(`a packet claims ${caplen} captured bytes`);
    this.#fill(head, face, index, at, caplen, wireLen);
    setTime(head, high, low, face.unitsPerSecond);
    head.seconds += face.offsetSeconds;
    const options = at + ((caplen + 3) & ~3);
    if (options + 4 > end) return false;
    const comments: string[] = [];
    const bad = this.#options(b, options, end, (code, from, to) => {
      if (code === OPT_COMMENT) comments.push(plainText(b, from, to));
      else if (code === 2 && to - from === 4) head.direction = this.#u32(b, from) & 3;
    });
    if (comments.length > 0) head.comments = comments;
    return bad;
  }

  #fill(head: FrameHead, face: CaptureInterface, index: number, at: number, caplen: number, wireLen: number): void {
    placePacket(head, face.linkType, at, caplen, wireLen);
    head.interfaceId = index;
    head.interfaceName = face.name;
    head.interfaceDescription = face.description;
    head.comments = NO_COMMENTS;
    head.secrets = this.secrets;
    head.direction = 0;
    this.packet = true;
  }

  /** Blocks that are no packets but have a place in the order get a frame number too, as in other readers, so that numbers compare. */
  #record(at: number, end: number, head: FrameHead): void {
    if (at > end) return;
    placePacket(head, LINKTYPE_NONE, at, Math.min(end - at, MAX_PACKET_BYTES), end - at);
    head.seconds = 0;
    head.nanoseconds = 0;
    head.interfaceId = -1;
    head.interfaceName = undefined;
    head.interfaceDescription = undefined;
    head.comments = NO_COMMENTS;
    head.direction = 0;
    this.packet = true;
  }

  #options(b: Uint8Array, at: number, end: number, each: (code: number, from: number, to: number) => void): boolean {
    while (at + 4 <= end) {
      const code = this.#u16(b, at);
      const length = this.#u16(b, at + 2);
      if (code === 0) return false;
      if (at + 4 + length > end) return this.#refuse(`an option of ${length} bytes does not fit its block`);
      each(code, at + 4, at + 4 + length);
      at += 4 + ((length + 3) & ~3);
    }
    return false;
  }
}

/** Splits a 64-bit count of units into seconds and nanoseconds, exactly for every resolution down to the nanosecond. */
function setTime(head: FrameHead, high: number, low: number, unitsPerSecond: number): void {
  if (unitsPerSecond <= 1_000_000 && high < 0x200000) {
    const units = high * 4_294_967_296 + low;
    const seconds = Math.floor(units / unitsPerSecond);
    head.seconds = seconds;
    head.nanoseconds = Math.floor(((units - seconds * unitsPerSecond) * 1_000_000_000) / unitsPerSecond);
    return;
  }
  if (unitsPerSecond > 1_000_000_000) {
    const units = (BigInt(high) << 32n) | BigInt(low);
    const per = BigInt(unitsPerSecond);
    head.seconds = Number(units / per);
    head.nanoseconds = Number(((units % per) * 1_000_000_000n) / per);
    return;
  }
  // Long division by digits of 16 bits: every intermediate value stays below 2^53.
  let rest = 0;
  let quotient = 0;
  for (let i = 0; i < 4; i++) {
    const word = i < 2 ? high : low;
    const digit = (i & 1) === 0 ? word >>> 16 : word & 0xffff;
    const current = rest * 65_536 + digit;
    const q = Math.floor(current / unitsPerSecond);
    rest = current - q * unitsPerSecond;
    quotient = quotient * 65_536 + q;
  }
  head.seconds = quotient;
  head.nanoseconds = unitsPerSecond === 1_000_000_000 ? rest : Math.floor((rest / unitsPerSecond) * 1_000_000_000);
}

/** Text of an option: UTF-8, up to a NUL if the writer left one. Options are read a few times a file. */
function plainText(b: Uint8Array, from: number, to: number): string {
  let percent = '';
  for (let i = from; i < to && b[i] !== 0; i++) percent += `%${(b[i] + 256).toString(16).slice(1)}`;
  try {
    return decodeURIComponent(percent);
  } catch {
    let latin = '';
    for (let i = from; i < to && b[i] !== 0; i++) latin += String.fromCharCode(b[i]);
    return latin;
  }
}
