import { defineDissector } from '../define-dissector.ts';
import { gssFields, putGssToken } from '../codecs/gss-token.ts';

/** Tokens of the generic security services: which mechanism, and its token. */
export const gssApi = defineDissector({
  name: 'gss-api',
  title: 'GSS-API Generic Security Service Application Program Interface',
  spec: ['RFC 2743 §3.1', 'RFC 4178'],
  over: {},
  short: 'GSS-API',
  column: null,
  hierarchy: 'inside',
  fields: gssFields,
  dissect: putGssToken,
});
export default gssApi;
