import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Longest name of an extracted file, bytes. */
const MAX_NAME = 120;

/**
 * A name that cannot leave its folder or surprise a shell: letters, digits, dot, dash and underscore of what the protocol called the
 * file, never a leading dot or dash, never a device name of Windows.
 */
export function safeName(name: string | null, fallback: string): string {
  const last = (name ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
  const plain = last.normalize('NFC').replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[.\-_]+/, '');
  let cut = plain;
  while (Buffer.byteLength(cut) > MAX_NAME) cut = cut.slice(0, -1);
  if (cut === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(cut)) return fallback;
  return cut;
}

/** Writes extracted files into one folder: never executable, never over one that is there. */
export class ExtractedFiles {
  readonly #dir: string;
  readonly #maxFiles: number;
  #written = 0;
  /** Files that were not written because `maxFiles` were. */
  refused = 0;

  constructor(dir: string, maxFiles: number) {
    this.#dir = dir;
    this.#maxFiles = maxFiles;
    mkdirSync(dir, { recursive: true });
  }

  /** Returns the name in the folder; undefined where the cap is reached. */
  write(name: string, bytes: Uint8Array): string | undefined {
    if (this.#written >= this.#maxFiles) {
      this.refused++;
      return undefined;
    }
    const { name: stem, ext } = path.parse(name);
    for (let n = 0; ; n++) {
      const candidate = n === 0 ? name : `${stem}(${n})${ext}`;
      const target = path.join(this.#dir, candidate);
      if (existsSync(target)) continue;
      writeFileSync(target, bytes, { mode: 0o600, flag: 'wx' });
      this.#written++;
      return candidate;
    }
  }
}
