import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'rpc__mgmt_inq_if_ids', 1: 'rpc__mgmt_inq_stats', 2: 'rpc__mgmt_is_server_listening', 3: 'rpc__mgmt_stop_server_listening',
  4: 'rpc__mgmt_inq_princ_name',
} as const;

const F = defineFields({ opnum: { name: 'mgmt.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** DCE/RPC Remote Management, over DCE/RPC. */
export const mgmt = defineInterface({
  name: 'mgmt',
  title: 'DCE/RPC Remote Management',
  short: 'MGMT',
  spec: ['C706 appendix Q'],
  uuids: ['afa8bd80-7d8a-11c9-bef4-08002b102989'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default mgmt;
