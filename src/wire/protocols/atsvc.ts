import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'JobAdd', 1: 'JobDel', 2: 'JobEnum', 3: 'JobGetInfo',
} as const;

const F = defineFields({ opnum: { name: 'atsvc.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft AT-Scheduler Service, over DCE/RPC. */
export const atsvc = defineInterface({
  name: 'atsvc',
  title: 'Microsoft AT-Scheduler Service',
  short: 'ATSVC',
  spec: ['MS-TSCH'],
  uuids: ['1ff70682-0a51-30e8-076d-740be8cee98b'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default atsvc;
