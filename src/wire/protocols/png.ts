import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR = 0x49484452;

const pngFields = defineFields({
  signature: { name: 'png.signature', ...put('bytes', 'PNG Signature') },
  length: { name: 'png.chunk.len', ...put('u32', 'Len') },
  type: { name: 'png.chunk.type', ...put('string', 'Chunk') },
  crc: { name: 'png.chunk.crc', ...put('u32', 'CRC', { base: 'hex' }) },
  width: { name: 'png.ihdr.width', ...put('u32', 'Width') },
  height: { name: 'png.ihdr.height', ...put('u32', 'Height') },
  bitDepth: { name: 'png.ihdr.bitdepth', ...put('u8', 'Bit Depth') },
  colourType: { name: 'png.ihdr.colour_type', ...put('u8', 'Colour Type') },
  compression: { name: 'png.ihdr.compression_method', ...put('u8', 'Compression Method') },
  filter: { name: 'png.ihdr.filter_method', ...put('u8', 'Filter Method') },
  interlace: { name: 'png.ihdr.interlace_method', ...put('u8', 'Interlace Method') },
});
const F = pngFields;

/** Images of PNG: their chunks. */
export const png = defineDissector({
  name: 'png',
  title: 'Portable Network Graphics',
  spec: ['RFC 2083 §3'],
  over: {},
  fields: pngFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < SIGNATURE.length) return DECLINE;
    for (let i = 0; i < SIGNATURE.length; i++) if (b[at + i] !== SIGNATURE[i]) return DECLINE;
    p.put(F.signature, at, SIGNATURE.length);
    for (let q = at + SIGNATURE.length; q + 8 <= end;) {
      const length = u32be(b, q);
      p.put(F.length, q, 4);
      p.put(F.type, q + 4, 4);
      if (u32be(b, q + 4) === IHDR && q + 21 <= end) {
        p.put(F.width, q + 8, 4);
        p.put(F.height, q + 12, 4);
        p.put(F.bitDepth, q + 16, 1);
        p.put(F.colourType, q + 17, 1);
        p.put(F.compression, q + 18, 1);
        p.put(F.filter, q + 19, 1);
        p.put(F.interlace, q + 20, 1);
      }
      if (q + 12 + length > end) break;
      p.put(F.crc, q + 8 + length, 4);
      q += 12 + length;
    }
    return DONE;
  },
});
export default png;
