import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** `<?xml`. */
const XML = [0x3c, 0x3f, 0x78, 0x6d, 0x6c];

/** Text content of a message, shown as a layer; text that says that it is XML is read as that. */
export const dataTextLines = defineDissector({
  name: 'data-text-lines',
  title: 'Line-based text data',
  spec: ['RFC 2046 §4.1'],
  over: {},
  fields: {},
  heir(p, at, end) {
    for (let i = 0; i < XML.length; i++) if (at + i >= end || p.bytes[at + i] !== XML[i]) return 0;
    return p.id('xml');
  },
  dissect: () => DONE,
});
export default dataTextLines;
