import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'QueryInterfaceIRemoteSCMActivator', 1: 'AddRefIRemoteISCMActivator', 2: 'ReleaseIRemoteISCMActivator', 3: 'RemoteGetClassObject',
  4: 'RemoteCreateInstance',
} as const;

const F = defineFields({ opnum: { name: 'isystemactivator.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** ISystemActivator ISystemActivator Resolver, over DCE/RPC. */
export const isystemactivator = defineInterface({
  name: 'isystemactivator',
  title: 'ISystemActivator ISystemActivator Resolver',
  short: 'ISystemActivator',
  spec: ['MS-DCOM §3.1.2.5.2.3'],
  uuids: ['000001a0-0000-0000-c000-000000000046'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default isystemactivator;
