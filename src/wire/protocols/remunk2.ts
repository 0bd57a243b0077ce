import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'QueryInterface', 1: 'AddRef', 2: 'Release', 3: 'RemQueryInterface', 4: 'RemAddRef', 5: 'RemRelease', 6: 'RemQueryInterface2',
} as const;

const F = defineFields({ opnum: { name: 'remunk.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** IRemUnknown2, over DCE/RPC. */
export const remunk2 = defineInterface({
  name: 'remunk2',
  title: 'IRemUnknown2',
  short: 'IRemUnknown2',
  spec: ['MS-DCOM §3.1.1.5.7'],
  uuids: ['00000143-0000-0000-c000-000000000046'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default remunk2;
