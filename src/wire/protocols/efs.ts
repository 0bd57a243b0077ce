import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'EfsRpcOpenFileRaw', 1: 'EfsRpcReadFileRaw', 2: 'EfsRpcWriteFileRaw', 3: 'EfsRpcCloseRaw', 4: 'EfsRpcEncryptFileSrv', 5: 'EfsRpcDecryptFileSrv',
  6: 'EfsRpcQueryUsersOnFile', 7: 'EfsRpcQueryRecoveryAgents', 8: 'EfsRpcRemoveUsersFromFile', 9: 'EfsRpcAddUsersToFile',
  10: 'EfsRpcSetFileEncryptionKey', 11: 'EfsRpcNotSupported', 12: 'EfsRpcFileKeyInfo', 13: 'EfsRpcDuplicateEncryptionInfoFile',
} as const;

const F = defineFields({ opnum: { name: 'efs.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** EFS, over DCE/RPC. */
export const efs = defineInterface({
  name: 'efs',
  title: 'EFS (pidl)',
  short: 'EFS',
  spec: ['MS-EFSR'],
  uuids: ['c681d488-d850-11d0-8c52-00c04fd90f7e', 'df1941c5-fe89-4e79-bf10-463657acf44d'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default efs;
