import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'CheckConnectivity', 1: 'EstablishConnection', 2: 'EstablishSession', 3: 'RequestUpdates', 4: 'RequestVersionVector', 5: 'AsyncPoll',
  6: 'FRSTRANS_REQUEST_RECORDS', 7: 'FRSTRANS_UPDATE_CANCEL', 8: 'FRSTRANS_RAW_GET_FILE_DATA', 9: 'FRSTRANS_RDC_GET_SIGNATURES',
  10: 'FRSTRANS_RDC_PUSH_SOURCE_NEEDS', 11: 'FRSTRANS_RDC_GET_FILE_DATA', 12: 'FRSTRANS_RDC_CLOSE', 13: 'InitializeFileTransferAsync',
  14: 'FRSTRANS_OPNUM_0E_NOT_USED_ON_THE_WIRE', 15: 'FRSTRANS_RAW_GET_FILE_DATA_ASYNC', 16: 'FRSTRANS_RDC_GET_FILE_DATA_ASYNC',
} as const;

const F = defineFields({ opnum: { name: 'frstrans.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** File Replication Service DFS-R, over DCE/RPC. */
export const frstrans = defineInterface({
  name: 'frstrans',
  title: 'File Replication Service DFS-R',
  short: 'FRSTRANS',
  spec: ['MS-FRS2'],
  uuids: ['897e2e5f-93f3-4376-9c9c-fd2277495c27'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default frstrans;
