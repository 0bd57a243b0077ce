import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'GetInterfaceList', 1: 'Register', 2: 'UnRegister', 3: 'AsyncNotify', 4: 'RegisterEx',
} as const;

const F = defineFields({ opnum: { name: 'witness.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** SMB Witness Service, over DCE/RPC. */
export const witness = defineInterface({
  name: 'witness',
  title: 'SMB Witness Service',
  short: 'WITNESS',
  spec: ['MS-SWN'],
  uuids: ['ccd8c074-d0e5-4a40-92b4-d074faa6ba28'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default witness;
