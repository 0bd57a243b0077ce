import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { CaptureFile, type CaptureFileFormat } from '../capture/capture-file.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import { AddressPseudonyms } from '../pcap/address-pseudonyms.ts';
import { AddressRewriter } from '../pcap/address-rewriter.ts';
import { compareTime, type CapturedPacket } from '../pcap/captured-packet.ts';
import { DuplicatePackets } from '../pcap/duplicate-packets.ts';
import type { PacketNumbers } from '../pcap/packet-numbers.ts';
import { PacketWindow } from '../pcap/packet-window.ts';
import { FrameHead } from '../wire/frame-head.ts';
import type { Registry } from '../wire/registry.ts';

/** What is done to the packets of one or several captures, in this order. */
export interface EditOptions {
  /** One after the other, not by time. */
  readonly append: boolean;
  /** By number in the file; several files: in the merged order. */
  readonly keep: PacketNumbers | undefined;
  readonly drop: PacketNumbers | undefined;
  /** Seconds since the epoch: from, and before. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** Packets among which a copy is looked for, 0 = copies stay. */
  readonly duplicates: number;
  /** Packets by which order is mended, 0 = it stays. */
  readonly reorder: number;
  /** Milliseconds added to every time. */
  readonly shiftMs: number;
  /** Bytes taken away at the beginning (positive) or the end (negative), and bytes kept at most; 0 = all. */
  readonly chop: number;
  readonly snaplen: number;
  /** Key of the pseudonyms; undefined = addresses stay. */
  readonly key: Uint8Array | undefined;
  readonly output: string;
  readonly format: CaptureFileFormat;
  /** Another file after so many packets or seconds; 0 = one file. */
  readonly splitPackets: number;
  readonly splitSeconds: number;
  readonly comment: string;
}

/** What came of it. */
export interface EditResult {
  readonly read: number;
  readonly written: number;
  readonly duplicates: number;
  /** Out of order by more than the window. */
  readonly late: number;
  /** Addresses replaced. */
  readonly addresses: number;
  readonly files: readonly string[];
  /** Inputs that are damaged; what came before the damage was edited. */
  readonly damage: readonly { readonly path: string; readonly error: WirewatchError }[];
}

/** Reads captures side by side and writes what the options leave of them. Memory does not grow with the files. */
export async function editCaptures(inputs: readonly string[], o: EditOptions, host: Host, registry: Registry): Promise<EditResult> {
  const readers = inputs.map((input) => new CaptureReader(input));
  const duplicates = new DuplicatePackets(host, o.duplicates);
  const window = new PacketWindow(o.reorder);
  const rewriter = o.key === undefined ? undefined : new AddressRewriter(registry, host, new AddressPseudonyms(host, o.key));
  const output = new SplitOutput(o);
  let read = 0;
  let addresses = 0;
  const finish = async (packet: CapturedPacket | undefined): Promise<void> => {
    if (packet === undefined) return;
    shift(packet, o.shiftMs);
    if (rewriter !== undefined) addresses += rewriter.rewrite(headOf(packet));
    cut(packet, o.chop, o.snaplen);
    await output.write(packet);
  };
  for await (const packet of o.append ? appended(readers) : merged(readers)) {
    read++;
    if (!isWanted(packet, read, o)) continue;
    if (o.duplicates > 0 && duplicates.isDuplicate(packet)) continue;
    await finish(o.reorder > 0 ? window.push(packet) : packet);
  }
  for (let packet = window.take(); packet !== undefined; packet = window.take()) await finish(packet);
  await output.close();
  const damage = readers.flatMap((r) => (r.damage === undefined ? [] : [{ path: r.path, error: r.damage }]));
  return { read, written: output.written, duplicates: duplicates.found, late: window.late, addresses, files: output.files, damage };
}

async function* appended(readers: readonly CaptureReader[]): AsyncGenerator<CapturedPacket> {
  for (const reader of readers) for (let p = await reader.next(); p !== undefined; p = await reader.next()) yield p;
}

/** Always the earliest of the packets that stand first. Files are few: a look at each is cheaper than a heap. */
async function* merged(readers: readonly CaptureReader[]): AsyncGenerator<CapturedPacket> {
  const first = await Promise.all(readers.map((r) => r.next()));
  for (;;) {
    let least = -1;
    for (const [i, packet] of first.entries()) {
      const best = least < 0 ? undefined : first[least];
      if (packet !== undefined && (best === undefined || compareTime(packet, best) < 0)) least = i;
    }
    if (least < 0) return;
    yield first[least]!;
    first[least] = await readers[least].next();
  }
}

function isWanted(packet: CapturedPacket, number: number, o: EditOptions): boolean {
  // Records that are no packets (custom blocks, journals) have no place in a file that others read.
  if (packet.linkType < 0) return false;
  if (o.keep !== undefined && !o.keep.has(number)) return false;
  if (o.drop?.has(number) === true) return false;
  const time = packet.seconds + packet.nanoseconds / 1e9;
  return (o.from === undefined || time >= o.from) && (o.until === undefined || time < o.until);
}

function shift(packet: CapturedPacket, ms: number): void {
  if (ms === 0) return;
  const nanoseconds = packet.nanoseconds + Math.round((ms % 1000) * 1e6);
  packet.seconds = Math.max(0, packet.seconds + Math.trunc(ms / 1000) + Math.floor(nanoseconds / 1e9));
  packet.nanoseconds = ((nanoseconds % 1e9) + 1e9) % 1e9;
}

function cut(packet: CapturedPacket, chop: number, snaplen: number): void {
  if (chop > 0) {
    packet.bytes = packet.bytes.subarray(Math.min(chop, packet.bytes.length));
    packet.wireLen = Math.max(packet.bytes.length, packet.wireLen - chop);
  } else if (chop < 0) packet.bytes = packet.bytes.subarray(0, Math.max(0, packet.bytes.length + chop));
  if (snaplen > 0 && packet.bytes.length > snaplen) packet.bytes = packet.bytes.subarray(0, snaplen);
}

function headOf(packet: CapturedPacket): FrameHead {
  const head = new FrameHead();
  head.bytes = packet.bytes;
  head.caplen = packet.bytes.length;
  head.wireLen = packet.wireLen;
  head.seconds = packet.seconds;
  head.nanoseconds = packet.nanoseconds;
  head.linkType = packet.linkType;
  return head;
}

/** One file, or `name_00001.pcapng` and so on: the next begins where the limits say so. */
class SplitOutput {
  readonly files: string[] = [];
  written = 0;
  readonly #o: EditOptions;
  #file: CaptureFile | undefined;
  #since = 0;

  constructor(o: EditOptions) {
    this.#o = o;
  }

  async write(packet: CapturedPacket): Promise<void> {
    const { splitPackets, splitSeconds } = this.#o;
    const file = this.#file;
    const isFull = file !== undefined && ((splitPackets > 0 && file.packets >= splitPackets) || (splitSeconds > 0 && packet.seconds - this.#since >= splitSeconds));
    if (isFull) {
      await file.close();
      this.#file = undefined;
    }
    this.#file ??= this.#begin(packet.seconds);
    await this.#file.write(packet);
    this.written++;
  }

  async close(): Promise<void> {
    this.#file ??= this.#begin(0);
    await this.#file.close();
  }

  #begin(seconds: number): CaptureFile {
    const { output, format, comment, splitPackets, splitSeconds } = this.#o;
    this.#since = seconds;
    const name = splitPackets > 0 || splitSeconds > 0 ? numbered(output, this.files.length + 1) : output;
    this.files.push(name);
    return new CaptureFile(name, format, comment);
  }
}

function numbered(file: string, n: number): string {
  const { dir, base } = path.parse(file);
  const dot = base.indexOf('.', 1);
  const stem = dot < 0 ? base : base.slice(0, dot);
  return path.join(dir, `${stem}_${String(n).padStart(5, '0')}${dot < 0 ? '' : base.slice(dot)}`);
}
