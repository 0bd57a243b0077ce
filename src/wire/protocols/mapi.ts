import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'EcDoConnect', 1: 'EcDoDisconnect', 2: 'EcDoRpc', 3: 'EcGetMoreRpc', 4: 'EcRRegisterPushNotification', 5: 'EcRUnregisterPushNotification',
  6: 'EcDummyRpc', 7: 'EcRGetDCName', 8: 'EcRNetGetDCName', 9: 'EcDoRpcExt',
} as const;

const F = defineFields({ opnum: { name: 'mapi.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Exchange 5.5 EMSMDB, over DCE/RPC. */
export const mapi = defineInterface({
  name: 'mapi',
  title: 'Exchange 5.5 EMSMDB',
  short: 'MAPI',
  spec: ['MS-OXCRPC'],
  uuids: ['a4f1db00-ca47-1067-b31f-00dd010662da'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default mapi;
