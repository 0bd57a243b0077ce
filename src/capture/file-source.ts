import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { constants, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { WirewatchError } from '../base/errors.ts';
import type { CaptureFramer } from '../pcap/capture-framer.ts';

/** Most bytes that `readCaptureSync` inflates at once; `readCapture` streams and has no such limit. */
const MAX_INFLATED = 1024 * 1024 * 1024;

type Packing = 'none' | 'gzip' | 'zstd';

/**
 * Reads a capture file (plain, gzip or zstd; `-` is standard input) to its end or its damage, chunk by chunk.
 *
 * Damage is not thrown: see `framer.damage`. Between chunks the event loop runs, and `framer.stop()` ends the reading.
 * @throws {WirewatchError} WW_CAPTURE_FORMAT where the file cannot be opened or read.
 */
export async function readCapture(path: string, framer: CaptureFramer): Promise<void> {
  const packing = path === '-' ? 'none' : packingOf(path);
  if (packing === 'none' && path !== '-') {
    const fd = open(path);
    try {
      let chunks = 0;
      while (!framer.stopped) {
        const room = framer.room();
        const n = readSync(fd, room, 0, room.length, null);
        if (n === 0) break;
        framer.filled(n);
        if (++chunks % 16 === 0) await new Promise((resume) => setImmediate(resume));
      }
    } finally {
      closeSync(fd);
    }
    framer.end();
    return;
  }
  const input = path === '-' ? process.stdin : createReadStream(path);
  const bytes = packing === 'none' ? input : input.pipe(packing === 'gzip' ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }) : createZstdDecompress());
  try {
    for await (const chunk of bytes) {
      framer.push(chunk as Uint8Array);
      if (framer.stopped) break;
    }
  } catch (error) {
    throw new WirewatchError('WW_CAPTURE_FORMAT', `The capture cannot be read: ${(error as Error).message}.`, { where: path, cause: error });
  }
  framer.end();
}

/** The same in one go, for tests and scripts: a packed file is inflated whole. */
export function readCaptureSync(path: string, framer: CaptureFramer): void {
  const packing = packingOf(path);
  if (packing !== 'none') {
    const packed = readFileSync(path);
    framer.push(packing === 'gzip' ? gunzipSync(packed, { maxOutputLength: MAX_INFLATED, finishFlush: constants.Z_SYNC_FLUSH }) : zstdDecompressSync(packed, { maxOutputLength: MAX_INFLATED }));
    framer.end();
    return;
  }
  const fd = open(path);
  try {
    while (!framer.stopped) {
      const room = framer.room();
      const n = readSync(fd, room, 0, room.length, null);
      if (n === 0) break;
      framer.filled(n);
    }
  } finally {
    closeSync(fd);
  }
  framer.end();
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new WirewatchError('WW_CAPTURE_FORMAT', `The capture cannot be opened: ${(error as Error).message}.`, { where: path, cause: error });
  }
}

function packingOf(path: string): Packing {
  const fd = open(path);
  try {
    const magic = Buffer.alloc(4);
    const n = readSync(fd, magic, 0, 4, 0);
    if (n >= 2 && magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip';
    return n === 4 && magic.readUInt32LE() === 0xfd2fb528 ? 'zstd' : 'none';
  } catch {
    return 'none'; // a pipe or device: it has no offset to read at
  } finally {
    closeSync(fd);
  }
}
