import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'FrsSendCommPkt', 1: 'FrsVerifyPromotionParent', 2: 'FrsStartPromotionParent', 3: 'FrsNOP', 4: 'FRSRPC_BACKUP_COMPLETE',
  5: 'FRSRPC_BACKUP_COMPLETE_5', 6: 'FRSRPC_BACKUP_COMPLETE_6', 7: 'FRSRPC_BACKUP_COMPLETE_7', 8: 'FRSRPC_BACKUP_COMPLETE_8',
  9: 'FRSRPC_BACKUP_COMPLETE_9', 10: 'FRSRPC_VERIFY_PROMOTION_PARENT_EX',
} as const;

const F = defineFields({ opnum: { name: 'frsrpc.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** File Replication Service, over DCE/RPC. */
export const frsrpc = defineInterface({
  name: 'frsrpc',
  title: 'File Replication Service',
  short: 'FRSRPC',
  spec: ['MS-FRS1'],
  uuids: ['f5cc59b4-4264-101a-8c59-08002b2f8426'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default frsrpc;
