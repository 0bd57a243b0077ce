import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedureV1: { name: 'ypserv.procedure_v1', ...put('u32', 'V1 Procedure', { values: { 1: 'DOMAIN', 2: 'DOMAIN_NONACK', 3: 'MATCH', 4: 'FIRST', 5: 'NEXT', 6: 'XFR', 7: 'CLEAR', 8: 'ALL', 9: 'MASTER', 10: 'ORDER', 11: 'MAPLIST' } }) },
  procedureV2: { name: 'ypserv.procedure_v2', ...put('u32', 'V2 Procedure', { values: { 1: 'DOMAIN', 2: 'DOMAIN_NONACK', 3: 'MATCH', 4: 'FIRST', 5: 'NEXT', 6: 'XFR', 7: 'CLEAR', 8: 'ALL', 9: 'MASTER', 10: 'ORDER', 11: 'MAPLIST' } }) },
});

/** The network information service, over ONC RPC: which procedure. */
export const ypserv = defineProgram({
  name: 'ypserv',
  title: 'Yellow Pages Service',
  short: 'YPSERV',
  spec: ['NIS, ypserv(8)'],
  programs: [100004],
  procedures: { 1: F.procedureV1, 2: F.procedureV2 },
  fields: F,
});
export default ypserv;
