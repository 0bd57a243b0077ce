import { defineDissector } from '../define-dissector.ts';
import { dcerpcFields } from '../codecs/dcerpc-fields.ts';
import { putPdu } from '../codecs/dcerpc-put.ts';

/** A further PDU of the same segment or pipe message: a heading of its own in the hierarchy. */
export const dcerpcFurther = defineDissector({
  name: 'dcerpc.further',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC), further PDU',
  spec: ['C706 §12.6'],
  over: {},
  short: 'DCERPC',
  hierarchy: 'heading',
  shownAs: 'dcerpc',
  fields: dcerpcFields,
  dissect: putPdu,
});
export default dcerpcFurther;
