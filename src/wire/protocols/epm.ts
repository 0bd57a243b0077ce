import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'Insert', 1: 'Delete', 2: 'Lookup', 3: 'Map', 4: 'LookupHandleFree', 5: 'InqObject', 6: 'MgmtDelete',
} as const;

const F = defineFields({ opnum: { name: 'epm.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** DCE/RPC Endpoint Mapper, over DCE/RPC. */
export const epm = defineInterface({
  name: 'epm',
  title: 'DCE/RPC Endpoint Mapper',
  short: 'EPM',
  spec: ['C706 appendix O'],
  uuids: ['e1af8308-5d1f-11c9-91a4-08002b14a0fa'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default epm;
