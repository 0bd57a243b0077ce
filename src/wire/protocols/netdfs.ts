import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'dfs_GetManagerVersion', 1: 'dfs_Add', 2: 'dfs_Remove', 3: 'dfs_SetInfo', 4: 'dfs_GetInfo', 5: 'dfs_Enum', 6: 'dfs_Rename', 7: 'dfs_Move',
  8: 'dfs_ManagerGetConfigInfo', 9: 'dfs_ManagerSendSiteInfo', 10: 'dfs_AddFtRoot', 11: 'dfs_RemoveFtRoot', 12: 'dfs_AddStdRoot',
  13: 'dfs_RemoveStdRoot', 14: 'dfs_ManagerInitialize', 15: 'dfs_AddStdRootForced', 16: 'dfs_GetDcAddress', 17: 'dfs_SetDcAddress',
  18: 'dfs_FlushFtTable', 19: 'dfs_Add2', 20: 'dfs_Remove2', 21: 'dfs_EnumEx', 22: 'dfs_SetInfo2',
} as const;

const F = defineFields({ opnum: { name: 'netdfs.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Settings for Microsoft Distributed File System, over DCE/RPC. */
export const netdfs = defineInterface({
  name: 'netdfs',
  title: 'Settings for Microsoft Distributed File System',
  short: 'NETDFS',
  spec: ['MS-DFSNM'],
  uuids: ['4fc742e0-4a10-11cf-8273-00aa004ae673'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default netdfs;
