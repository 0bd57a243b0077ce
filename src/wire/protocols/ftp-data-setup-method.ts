import { ftpDataFields } from '../codecs/ftp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Setup method: a part of the tree beside the layer that puts it. */
export default defineDissector({
  name: 'ftp-data.setup-method',
  title: 'Setup method',
  spec: ['RFC 959'],
  over: {},
  fields: { own: ftpDataFields.setupMethod },
  hierarchy: 'heading',
  dissect: () => DONE,
});
