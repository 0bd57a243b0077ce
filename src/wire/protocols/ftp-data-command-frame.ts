import { ftpDataFields } from '../codecs/ftp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Command frame: a part of the tree beside the layer that puts it. */
export default defineDissector({
  name: 'ftp-data.command-frame',
  title: 'Command frame',
  spec: ['RFC 959'],
  over: {},
  fields: { own: ftpDataFields.commandFrame },
  hierarchy: 'heading',
  dissect: () => DONE,
});
