import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'NetrSendMessage',
} as const;

const F = defineFields({ opnum: { name: 'messenger.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft Messenger Service, over DCE/RPC. */
export const messenger = defineInterface({
  name: 'messenger',
  title: 'Microsoft Messenger Service',
  short: 'Messenger',
  spec: ['MS-MSRP'],
  uuids: ['5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default messenger;
