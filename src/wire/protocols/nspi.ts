import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'NspiBind', 1: 'NspiUnbind', 2: 'NspiUpdateStat', 3: 'NspiQueryRows', 4: 'NspiSeekEntries', 5: 'NspiGetMatches', 6: 'NspiResortRestriction',
  7: 'NspiDNToEph', 8: 'NspiGetPropList', 9: 'NspiGetProps', 10: 'NspiCompareDNTs', 11: 'NspiModProps', 12: 'NspiGetHierarchyInfo',
  13: 'NspiGetTemplateInfo', 14: 'NspiModLInkAtt', 15: 'NspiDeleteEntries', 16: 'NspiQueryColumns', 17: 'NspiGetNamesFromIDs',
  18: 'NspiGetIDsFromNames', 19: 'NspiResolveNames', 20: 'NspiResolveNamesW',
} as const;

const F = defineFields({ opnum: { name: 'nspi.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Exchange 5.5 Name Service Provider, over DCE/RPC. */
export const nspi = defineInterface({
  name: 'nspi',
  title: 'Exchange 5.5 Name Service Provider',
  short: 'NSPI',
  spec: ['MS-OXNSPI'],
  uuids: ['f5cc5a18-4264-101a-8c59-08002b2f8426'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default nspi;
