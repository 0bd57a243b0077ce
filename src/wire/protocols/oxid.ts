import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'ResolveOxid', 1: 'SimplePing', 2: 'ComplexPing', 3: 'ServerAlive', 4: 'ResolveOxid2', 5: 'ServerAlive2',
} as const;

const F = defineFields({ opnum: { name: 'oxid.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** DCOM OXID Resolver, over DCE/RPC. */
export const oxid = defineInterface({
  name: 'oxid',
  title: 'DCOM OXID Resolver',
  short: 'IOXIDResolver',
  spec: ['MS-DCOM §3.1.2.5.1'],
  uuids: ['99fcfec4-5260-101b-bbcb-00aa0021347a'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default oxid;
