import { createReadStream } from 'node:fs';

const BLOCK = 512;

/** Header of one file in the ustar form (POSIX.1-1988): 512 bytes, numbers in octal. Names up to 100 bytes. */
function headerOf(name: string, bytes: number): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  header.write(name.slice(0, 100), 0, 'utf8');
  header.write('0000444\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** A tar archive of files, read as it is sent. */
export async function* tarOf(files: readonly { readonly name: string; readonly bytes: number; readonly file: string }[]): AsyncIterable<Uint8Array> {
  for (const { name, bytes, file } of files) {
    yield headerOf(name, bytes);
    let sent = 0;
    for await (const chunk of createReadStream(file, { end: Math.max(0, bytes - 1) })) {
      if (bytes === 0) break;
      sent += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
    yield new Uint8Array((BLOCK - (sent % BLOCK)) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
}
