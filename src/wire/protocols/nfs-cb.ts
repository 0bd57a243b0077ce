import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedure: { name: 'nfs.cb_procedure', ...put('u32', 'CB Procedure', { values: { 0: 'CB_NULL', 1: 'CB_COMPOUND' } }) },
});

/** Calls back from an NFS 4 server to its client. */
export const nfsCb = defineProgram({
  name: 'nfs.cb',
  title: 'Network File System CB',
  short: 'NFS CB',
  spec: ['RFC 7530 §16.7'],
  programs: [0x40000000],
  procedures: { 1: F.procedure, 4: F.procedure },
  fields: F,
});
export default nfsCb;
