import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'RemoteActivation',
} as const;

const F = defineFields({ opnum: { name: 'remact.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** DCOM IRemoteActivation, over DCE/RPC. */
export const remact = defineInterface({
  name: 'remact',
  title: 'DCOM IRemoteActivation',
  short: 'REMACT',
  spec: ['MS-DCOM §3.1.2.5.2.2'],
  uuids: ['4d9f4ab8-7d1c-11cf-861e-0020af6e7c57'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default remact;
