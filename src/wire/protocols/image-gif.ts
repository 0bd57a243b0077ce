import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 13;

const gifFields = defineFields({
  version: { name: 'image-gif.version', ...put('string', 'Version') },
  width: { name: 'image-gif.screen.width', ...fixed('u16', 6, 'Screen width', { little: true }) },
  height: { name: 'image-gif.screen.height', ...fixed('u16', 8, 'Screen height', { little: true }) },
  mapPresent: { name: 'image-gif.global.color_map.present', ...put('u8', 'Global color map is present') },
  bitsPerColour: { name: 'image-gif.global.color_bpp', ...put('u8', 'Bits per color') },
  ordered: { name: 'image-gif.global.color_map.ordered', ...put('u8', 'Global color map is ordered') },
  bitsPerPixel: { name: 'image-gif.global.bpp', ...put('u8', 'Image bits per pixel') },
});
const F = gifFields;

/** Images of GIF 87a and 89a: their head. */
export const imageGif = defineDissector({
  name: 'image-gif',
  title: 'Compuserve GIF',
  spec: ['GIF89a §17, §18'],
  over: {},
  fields: gifFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN || b[at] !== 0x47 || b[at + 1] !== 0x49 || b[at + 2] !== 0x46 || b[at + 3] !== 0x38) return DECLINE;
    p.put(F.version, at, 6);
    const packed = b[at + 10];
    p.putInt(F.mapPresent, at + 10, 1, packed >> 7);
    p.putInt(F.bitsPerColour, at + 10, 1, ((packed >> 4) & 7) + 1);
    if ((packed & 0x80) !== 0) p.putInt(F.ordered, at + 10, 1, (packed >> 3) & 1);
    if ((packed & 0x80) !== 0) p.putInt(F.bitsPerPixel, at + 10, 1, (packed & 7) + 1);
    return DONE;
  },
});
export default imageGif;
