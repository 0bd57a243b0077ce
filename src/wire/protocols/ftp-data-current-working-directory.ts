import { ftpDataFields } from '../codecs/ftp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Current working directory: a part of the tree beside the layer that puts it. */
export default defineDissector({
  name: 'ftp-data.current-working-directory',
  title: 'Current working directory',
  spec: ['RFC 959'],
  over: {},
  fields: { own: ftpDataFields.cwd },
  hierarchy: 'heading',
  dissect: () => DONE,
});
