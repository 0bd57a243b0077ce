import { sesFields } from '../codecs/ses-fields.ts';
import { putSpdu } from '../codecs/ses-spdu.ts';
import { defineDissector } from '../define-dissector.ts';

/** The second SPDU of two that stand together (ISO 8327-1 §6.3.7): a heading of its own in the hierarchy. */
export const sesFurther = defineDissector({
  name: 'ses.further',
  title: 'ISO 8327-1 OSI Session Protocol, concatenated SPDU',
  spec: ['ISO 8327-1 §6.3.7'],
  over: {},
  short: 'SES',
  column: 'SES',
  hierarchy: 'heading',
  shownAs: 'ses',
  fields: sesFields,
  dissect: (p, at, end) => putSpdu(p, at, end, false),
});
export default sesFurther;
