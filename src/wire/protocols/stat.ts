import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedureV1: { name: 'stat.procedure_v1', ...put('u32', 'V1 Procedure', { values: { 0: 'NULL', 1: 'STAT', 2: 'MON', 3: 'UNMON', 4: 'UNMON_ALL', 5: 'SIMU_CRASH', 6: 'NOTIFY' } }) },
});

/** The status monitor of NFS, over ONC RPC: which procedure. */
export const stat = defineProgram({
  name: 'stat',
  title: 'Network Status Monitor Protocol',
  short: 'STAT',
  spec: ['RFC 1813 appendix II.4'],
  programs: [100024],
  procedures: { 1: F.procedureV1 },
  fields: F,
});
export default stat;
