import { defineProgram } from '../codecs/rpc-program.ts';
import { defineFields, put } from '../define-dissector.ts';

const F = defineFields({
  procedureV1: { name: 'nlm.procedure_v1', ...put('u32', 'V1 Procedure', { values: { 0: 'NULL', 1: 'TEST', 2: 'LOCK', 3: 'CANCEL', 4: 'UNLOCK', 5: 'GRANTED', 6: 'TEST_MSG', 7: 'LOCK_MSG', 8: 'CANCEL_MSG', 9: 'UNLOCK_MSG', 10: 'GRANTED_MSG', 11: 'TEST_RES', 12: 'LOCK_RES', 13: 'CANCEL_RES', 14: 'UNLOCK_RES', 15: 'GRANTED_RES' } }) },
  procedureV2: { name: 'nlm.procedure_v2', ...put('u32', 'V2 Procedure', { values: { 0: 'NULL', 1: 'TEST', 2: 'LOCK', 3: 'CANCEL', 4: 'UNLOCK', 5: 'GRANTED', 6: 'TEST_MSG', 7: 'LOCK_MSG', 8: 'CANCEL_MSG', 9: 'UNLOCK_MSG', 10: 'GRANTED_MSG', 11: 'TEST_RES', 12: 'LOCK_RES', 13: 'CANCEL_RES', 14: 'UNLOCK_RES', 15: 'GRANTED_RES' } }) },
  procedureV3: { name: 'nlm.procedure_v3', ...put('u32', 'V3 Procedure', { values: { 0: 'NULL', 1: 'TEST', 2: 'LOCK', 3: 'CANCEL', 4: 'UNLOCK', 5: 'GRANTED', 6: 'TEST_MSG', 7: 'LOCK_MSG', 8: 'CANCEL_MSG', 9: 'UNLOCK_MSG', 10: 'GRANTED_MSG', 11: 'TEST_RES', 12: 'LOCK_RES', 13: 'CANCEL_RES', 14: 'UNLOCK_RES', 15: 'GRANTED_RES', 20: 'SHARE', 21: 'UNSHARE', 22: 'NM_LOCK', 23: 'FREE_ALL' } }) },
  procedureV4: { name: 'nlm.procedure_v4', ...put('u32', 'V4 Procedure', { values: { 0: 'NULL', 1: 'TEST', 2: 'LOCK', 3: 'CANCEL', 4: 'UNLOCK', 5: 'GRANTED', 6: 'TEST_MSG', 7: 'LOCK_MSG', 8: 'CANCEL_MSG', 9: 'UNLOCK_MSG', 10: 'GRANTED_MSG', 11: 'TEST_RES', 12: 'LOCK_RES', 13: 'CANCEL_RES', 14: 'UNLOCK_RES', 15: 'GRANTED_RES', 20: 'SHARE', 21: 'UNSHARE', 22: 'NM_LOCK', 23: 'FREE_ALL' } }) },
});

/** Locks of NFS, over ONC RPC: which procedure. */
export const nlm = defineProgram({
  name: 'nlm',
  title: 'Network Lock Manager Protocol',
  short: 'NLM',
  spec: ['RFC 1813 appendix II'],
  programs: [100021],
  procedures: { 1: F.procedureV1, 2: F.procedureV2, 3: F.procedureV3, 4: F.procedureV4 },
  fields: F,
});
export default nlm;
