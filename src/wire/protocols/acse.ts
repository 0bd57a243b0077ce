import { acseFields as F } from '../codecs/acse-fields.ts';
import { putAssociation } from '../codecs/acse-rules.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

/** Association control: who wants to talk about what. */
export const acse = defineDissector({
  name: 'acse',
  title: 'ISO 8650-1 OSI Association Control Service',
  spec: ['ISO 8650-1', 'ITU-T X.227'],
  over: {},
  column: 'ACSE',
  fields: F,
  dissect: (p, at, end) => (putAssociation(p, at, end) ? DONE : DECLINE),
  info: () => 'Association control',
});
export default acse;
