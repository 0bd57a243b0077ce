import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** A form's content: shown as a layer, its members are not fields. */
export const urlencodedForm = defineDissector({
  name: 'urlencoded-form',
  title: 'HTML Form URL Encoded',
  spec: ['WHATWG URL §5'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default urlencodedForm;
