import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedureV1: { name: 'sadmind.procedure_v1', ...put('u32', 'V1 Procedure', { values: { 0: 'NULL' } }) },
  procedureV2: { name: 'sadmind.procedure_v2', ...put('u32', 'V2 Procedure', { values: { 0: 'NULL' } }) },
  procedureV3: { name: 'sadmind.procedure_v3', ...put('u32', 'V3 Procedure', { values: { 0: 'NULL' } }) },
});

/** Administration of Solaris hosts, over ONC RPC: which procedure. */
export const sadmind = defineProgram({
  name: 'sadmind',
  title: 'SADMIND',
  short: 'SADMIND',
  spec: ['Solaris sadmind(1M)'],
  programs: [100232],
  procedures: { 1: F.procedureV1, 2: F.procedureV2, 3: F.procedureV3 },
  fields: F,
});
export default sadmind;
