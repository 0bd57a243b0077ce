import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'NetrLogonUasLogon', 1: 'NetrLogonUasLogoff', 2: 'NetrLogonSamLogon', 3: 'NetrLogonSamLogoff', 4: 'NetrServerReqChallenge',
  5: 'NetrServerAuthenticate', 6: 'NetrServerPasswordSet', 7: 'NetrDatabaseDeltas', 8: 'NetrDatabaseSync', 9: 'NetrAccountDeltas',
  10: 'NetrAccountSync', 11: 'NetrGetDCName', 12: 'NetrLogonControl', 13: 'NetrGetAnyDCName', 14: 'NetrLogonControl2', 15: 'NetrServerAuthenticate2',
  16: 'NetrDatabaseSync2', 17: 'NetrDatabaseRedo', 18: 'NetrLogonControl2Ex', 19: 'NetrEnumerateTrustedDomains', 20: 'DsrGetDcName',
  21: 'NetrLogonDummyRoutine1', 22: 'NetrLogonSetServiceBits', 23: 'NetrLogonGetTrustRid', 24: 'NetrLogonComputeServerDigest',
  25: 'NetrLogonComputeClientDigest', 26: 'NetrServerAuthenticate3', 27: 'DsrGetDcNameEx', 28: 'DsrGetSiteName', 29: 'NetrLogonGetDomainInfo',
  30: 'NetrServerPasswordSet2', 31: 'NetrServerPasswordGet', 32: 'NetrLogonSendToSam', 33: 'DsrAddressToSiteNamesW', 34: 'DsrGetDcNameEx2',
  35: 'NetrLogonGetTimeServiceParentDomain', 36: 'NetrEnumerateTrustedDomainsEx', 37: 'DsrAddressToSiteNamesExW', 38: 'DsrGetDcSiteCoverageW',
  39: 'NetrLogonSamLogonEx', 40: 'DsrEnumerateDomainTrusts', 41: 'DsrDeregisterDnsHostRecords', 42: 'NetrServerTrustPasswordsGet',
  43: 'DsrGetForestTrustInformation', 44: 'NetrGetForestTrustInformation', 45: 'NetrLogonSamLogonWithFlags', 46: 'NetrServerGetTrustInfo',
} as const;

const F = defineFields({ opnum: { name: 'netlogon.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft Network Logon, over DCE/RPC. */
export const rpcNetlogon = defineInterface({
  name: 'rpc_netlogon',
  title: 'Microsoft Network Logon',
  short: 'RPC_NETLOGON',
  spec: ['MS-NRPC'],
  uuids: ['12345678-1234-abcd-ef00-01234567cffb'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default rpcNetlogon;
