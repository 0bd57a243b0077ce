import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { WirewatchError } from '../base/errors.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { keepPacket, type CapturedPacket } from '../pcap/captured-packet.ts';

/**
 * Reads a capture packet by packet when they are asked for, so that several can be read side by side. Packets of one chunk are held, no more. Damage ends the reading: see `damage` afterwards.
 */
export class CaptureReader {
  readonly path: string;
  readonly #framer: CaptureFramer;
  readonly #queue: CapturedPacket[];
  readonly #chunks: AsyncIterator<Uint8Array>;
  #next: number;
  #ended: boolean;

  constructor(path: string) {
    this.path = path;
    this.#queue = [];
    this.#next = 0;
    this.#ended = false;
    this.#framer = new CaptureFramer((head) => void this.#queue.push(keepPacket(head, this.#framer.packets)));
    this.#chunks = open(path)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  get damage(): WirewatchError | undefined {
    return this.#framer.damage;
  }

  /** The next packet, undefined after the last. */
  async next(): Promise<CapturedPacket | undefined> {
    while (this.#next === this.#queue.length) {
      if (this.#ended) return undefined;
      this.#queue.length = 0;
      this.#next = 0;
      await this.#read();
    }
    return this.#queue[this.#next++];
  }

  async #read(): Promise<void> {
    try {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        this.#ended = true;
        this.#framer.end();
        return;
      }
      this.#framer.push(value);
      this.#ended = this.#framer.stopped;
    } catch (error) {
      throw new WirewatchError('WW_CAPTURE_FORMAT', `The capture cannot be read: ${(error as Error).message}.`, { where: this.path, cause: error });
    }
  }
}

function open(path: string): Readable {
  if (path === '-') return process.stdin;
  const magic = Buffer.alloc(4);
  let n = 0;
  try {
    const fd = openSync(path, 'r');
    try {
      n = readSync(fd, magic, 0, 4, 0);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw new WirewatchError('WW_CAPTURE_FORMAT', `The capture cannot be opened: ${(error as Error).message}.`, { where: path, cause: error });
  }
  const file = createReadStream(path);
  if (n >= 2 && magic[0] === 0x1f && magic[1] === 0x8b) return file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }));
  return n === 4 && magic.readUInt32LE() === 0xfd2fb528 ? file.pipe(createZstdDecompress()) : file;
}
