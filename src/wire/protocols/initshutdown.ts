import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'Init', 1: 'Abort', 2: 'InitEx',
} as const;

const F = defineFields({ opnum: { name: 'initshutdown.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Init shutdown service, over DCE/RPC. */
export const initshutdown = defineInterface({
  name: 'initshutdown',
  title: 'Init shutdown service',
  short: 'INITSHUTDOWN',
  spec: ['MS-RSP'],
  uuids: ['894de0c0-0d55-11d3-a322-00c04fa321a1'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default initshutdown;
