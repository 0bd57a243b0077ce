import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const SOI = 0xffd8;
const APP0 = 0xffe0;
const SOS = 0xffda;
const EOI = 0xffd9;

const jfifFields = defineFields({
  marker: { name: 'image-jfif.marker', ...put('u16', 'Marker', { base: 'hex' }) },
  segment: { name: 'image-jfif.marker_segment', ...put('none', 'Marker segment') },
  length: { name: 'image-jfif.length', ...put('u16', 'Length') },
  identifier: { name: 'image-jfif.identifier', ...put('string', 'Identifier') },
  major: { name: 'image-jfif.version.major', ...put('u8', 'Major Version') },
  minor: { name: 'image-jfif.version.minor', ...put('u8', 'Minor Version') },
  units: { name: 'image-jfif.units', ...put('u8', 'Units') },
  xDensity: { name: 'image-jfif.Xdensity', ...put('u16', 'Xdensity') },
  yDensity: { name: 'image-jfif.Ydensity', ...put('u16', 'Ydensity') },
});
const F = jfifFields;

/** Images of JPEG in JFIF: the segments of their head. */
export const imageJfif = defineDissector({
  name: 'image-jfif',
  title: 'JPEG File Interchange Format',
  spec: ['ITU-T T.871', 'ITU-T T.81 §B.1'],
  over: {},
  fields: jfifFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4 || u16be(b, at) !== SOI || b[at + 2] !== 0xff) return DECLINE;
    p.put(F.marker, at, 2);
    for (let q = at + 2; q + 4 <= end;) {
      const marker = u16be(b, q);
      if (marker >> 8 !== 0xff || marker === EOI) break;
      const length = u16be(b, q + 2);
      p.put(F.segment, q, Math.min(2 + length, end - q));
      p.put(F.marker, q, 2);
      p.put(F.length, q + 2, 2);
      if (marker === APP0 && q + 16 <= end) {
        p.put(F.identifier, q + 4, 4);
        p.put(F.major, q + 9, 1);
        p.put(F.minor, q + 10, 1);
        p.put(F.units, q + 11, 1);
        p.put(F.xDensity, q + 12, 2);
        p.put(F.yDensity, q + 14, 2);
      }
      if (marker === SOS || length < 2) break;
      q += 2 + length;
    }
    return DONE;
  },
});
export default imageJfif;
