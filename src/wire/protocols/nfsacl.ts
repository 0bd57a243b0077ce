import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedureV1: { name: 'nfsacl.procedure_v1', ...put('u32', 'V1 Procedure', { values: { 0: 'NULL' } }) },
  procedureV2: { name: 'nfsacl.procedure_v2', ...put('u32', 'V2 Procedure', { values: { 0: 'NULL', 1: 'GETACL', 2: 'SETACL', 3: 'GETATTR', 4: 'ACCESS', 5: 'GETXATTRDIR' } }) },
  procedureV3: { name: 'nfsacl.procedure_v3', ...put('u32', 'V3 Procedure', { values: { 0: 'NULL', 1: 'GETACL', 2: 'SETACL', 3: 'GETXATTRDIR' } }) },
});

/** Access lists of NFS, over ONC RPC: which procedure. */
export const nfsacl = defineProgram({
  name: 'nfsacl',
  title: 'NFSACL',
  short: 'NFSACL',
  spec: ['Solaris NFS_ACL'],
  programs: [100227],
  procedures: { 1: F.procedureV1, 2: F.procedureV2, 3: F.procedureV3 },
  fields: F,
});
export default nfsacl;
