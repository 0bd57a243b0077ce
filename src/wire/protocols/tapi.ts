import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'ClientAttach', 1: 'ClientRequest', 2: 'ClientDetach',
} as const;

const F = defineFields({ opnum: { name: 'tapi.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft Telephony API Service, over DCE/RPC. */
export const tapi = defineInterface({
  name: 'tapi',
  title: 'Microsoft Telephony API Service',
  short: 'TAPI',
  spec: ['MS-TRP'],
  uuids: ['2f5f6520-ca46-1067-b319-00dd010662da'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default tapi;
