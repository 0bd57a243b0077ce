import { closeSync, openSync, writeSync } from 'node:fs';
import { WirewatchError } from '../base/errors.ts';
import { pcapngInterface, pcapngPacket, pcapngSection } from '../pcap/pcapng-writer.ts';
import type { FrameHead } from '../wire/frame-head.ts';

const SNAPLEN = 262_144;
const PIECE_BYTES = 1 << 20;

/** A pcapng file being written: packets as they were captured, each with its interface and its comments. */
export class PcapngFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #interfaces = new Map<string, number>();
  #pieces: Uint8Array[] = [];
  #held = 0;

  /** Replaces a file of that name. @throws {WirewatchError} WW_ARGUMENT where it cannot be written. */
  constructor(path: string, comment = '') {
    this.#path = path;
    try {
      this.#fd = openSync(path, 'w', 0o600);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#add(pcapngSection('Wirewatch', comment));
  }

  write(head: FrameHead): void {
    const key = `${head.linkType} ${head.interfaceId} ${head.interfaceName ?? ''}`;
    let id = this.#interfaces.get(key);
    if (id === undefined) {
      id = this.#interfaces.size;
      this.#interfaces.set(key, id);
      this.#add(pcapngInterface(head.linkType, SNAPLEN, head.interfaceName ?? ''));
    }
    this.#add(pcapngPacket(id, head.seconds, head.nanoseconds, head.bytes, head.at, head.caplen, head.wireLen, head.comments.join('\n')));
    if (this.#held >= PIECE_BYTES) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
  }

  #flush(): void {
    try {
      const bytes = Buffer.concat(this.#pieces);
      for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#pieces = [];
    this.#held = 0;
  }

  #failed(error: unknown): WirewatchError {
    return new WirewatchError('WW_ARGUMENT', `the capture cannot be written: ${error instanceof Error ? error.message : String(error)}`, { where: this.#path, cause: error });
  }
}
