import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'LnkSvrMessage',
} as const;

const F = defineFields({ opnum: { name: 'trksvr.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft Distributed Link Tracking Server Service, over DCE/RPC. */
export const trksvr = defineInterface({
  name: 'trksvr',
  title: 'Microsoft Distributed Link Tracking Server Service',
  short: 'TRKSVR',
  spec: ['MS-DLTM'],
  uuids: ['4da1c422-943d-11d1-acae-00c04fc2aa3f'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default trksvr;
