import type { Host } from '../../base/host.ts';
import { Base64Decoder, QuotedPrintableDecoder } from './mail-transfer.ts';

/**
 * A header value with its encoded words (`=?utf-8?B?...?=`, RFC 2047) as text. Character sets other than UTF-8 and ISO 8859-1 are read
 * as UTF-8, which is what they mostly are.
 */
export function decodeWords(value: string, host: Host): string {
  // White space between two encoded words is not text (RFC 2047 §6.2).
  const joined = value.replaceAll(/\?=\s+=\?/g, '?==?');
  return joined.replaceAll(/=\?([^?\s]{1,64})\?([BbQq])\?([^?]*)\?=/g, (_, charset: string, encoding: string, text: string) => {
    const bytes = host.encodeUtf8(encoding.toLowerCase() === 'q' ? text.replaceAll('_', ' ') : text);
    // Trailing blanks of a Q word are text; the decoder of bodies would drop them.
    const plain = encoding.toLowerCase() === 'b' ? new Base64Decoder().line(bytes, 0, bytes.length) : quoted(bytes);
    return /^iso-8859-1$/i.test(charset) ? host.latin1(plain, 0, plain.length) : host.utf8(plain, 0, plain.length);
  });
}

function quoted(bytes: Uint8Array): Uint8Array {
  const guarded = new Uint8Array(bytes.length + 1);
  guarded.set(bytes);
  guarded[bytes.length] = 0x3d;
  return new QuotedPrintableDecoder().line(guarded, 0, guarded.length);
}
