import { ftpDataFields } from '../codecs/ftp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Setup frame: a part of the tree beside the layer that puts it. */
export default defineDissector({
  name: 'ftp-data.setup-frame',
  title: 'Setup frame',
  spec: ['RFC 959'],
  over: {},
  fields: { own: ftpDataFields.setupFrame },
  hierarchy: 'heading',
  dissect: () => DONE,
});
