import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 8;

export const radiotapFields = defineFields({
  version: { name: 'radiotap.version', ...fixed('u8', 0, 'Header revision') },
  length: { name: 'radiotap.length', ...fixed('u16', 2, 'Header length', { little: true }) },
  present: { name: 'radiotap.present.word', ...fixed('u32', 4, 'Present flags word', { base: 'hex', little: true }) },
});

/** Head that a monitoring interface puts before 802.11 frames: only its length matters here. */
export const radiotap = defineDissector({
  name: 'radiotap',
  title: 'IEEE 802.11 Radiotap Capture header',
  spec: ['radiotap.org'],
  over: { link: [127] },
  fields: radiotapFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + u16le(p.bytes, at + 2), p.wireEnd);
    return p.id('wlan');
  },
});
export default radiotap;
