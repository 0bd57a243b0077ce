import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'DnssrvOperation', 1: 'DnssrvQuery', 2: 'DnssrvComplexOperation', 3: 'DnssrvEnumRecords', 4: 'DnssrvUpdateRecord', 5: 'DnssrvOperation2',
  6: 'DnssrvQuery2', 7: 'DnssrvComplexOperation2', 8: 'DnssrvEnumRecords2', 9: 'DnssrvUpdateRecord2',
} as const;

const F = defineFields({ opnum: { name: 'dnsserver.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** DNS Server, over DCE/RPC. */
export const dnsserver = defineInterface({
  name: 'dnsserver',
  title: 'DNS Server',
  short: 'DNSSERVER',
  spec: ['MS-DNSP'],
  uuids: ['50abc2a4-574d-40b3-9d66-ee4fd5fba076'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default dnsserver;
