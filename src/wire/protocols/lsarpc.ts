import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'lsa_Close', 1: 'lsa_Delete', 2: 'lsa_EnumPrivs', 3: 'lsa_QuerySecurity', 4: 'lsa_SetSecObj', 5: 'lsa_ChangePassword', 6: 'lsa_OpenPolicy',
  7: 'lsa_QueryInfoPolicy', 8: 'lsa_SetInfoPolicy', 9: 'lsa_ClearAuditLog', 10: 'lsa_CreateAccount', 11: 'lsa_EnumAccounts',
  12: 'lsa_CreateTrustedDomain', 13: 'lsa_EnumTrustDom', 14: 'lsa_LookupNames', 15: 'lsa_LookupSids', 16: 'lsa_CreateSecret', 17: 'lsa_OpenAccount',
  18: 'lsa_EnumPrivsAccount', 19: 'lsa_AddPrivilegesToAccount', 20: 'lsa_RemovePrivilegesFromAccount', 21: 'lsa_GetQuotasForAccount',
  22: 'lsa_SetQuotasForAccount', 23: 'lsa_GetSystemAccessAccount', 24: 'lsa_SetSystemAccessAccount', 25: 'lsa_OpenTrustedDomain',
  26: 'lsa_QueryTrustedDomainInfo', 27: 'lsa_SetInformationTrustedDomain', 28: 'lsa_OpenSecret', 29: 'lsa_SetSecret', 30: 'lsa_QuerySecret',
  31: 'lsa_LookupPrivValue', 32: 'lsa_LookupPrivName', 33: 'lsa_LookupPrivDisplayName', 34: 'lsa_DeleteObject', 35: 'lsa_EnumAccountsWithUserRight',
  36: 'lsa_EnumAccountRights', 37: 'lsa_AddAccountRights', 38: 'lsa_RemoveAccountRights', 39: 'lsa_QueryTrustedDomainInfoBySid',
  40: 'lsa_SetTrustedDomainInfo', 41: 'lsa_DeleteTrustedDomain', 42: 'lsa_StorePrivateData', 43: 'lsa_RetrievePrivateData', 44: 'lsa_OpenPolicy2',
  45: 'lsa_GetUserName', 46: 'lsa_QueryInfoPolicy2', 47: 'lsa_SetInfoPolicy2', 48: 'lsa_QueryTrustedDomainInfoByName',
  49: 'lsa_SetTrustedDomainInfoByName', 50: 'lsa_EnumTrustedDomainsEx', 51: 'lsa_CreateTrustedDomainEx', 52: 'lsa_CloseTrustedDomainEx',
  53: 'lsa_QueryDomainInformationPolicy', 54: 'lsa_SetDomainInformationPolicy', 55: 'lsa_OpenTrustedDomainByName', 56: 'lsa_TestCall',
  57: 'lsa_LookupSids2', 58: 'lsa_LookupNames2', 59: 'lsa_CreateTrustedDomainEx2', 60: 'lsa_CREDRWRITE', 61: 'lsa_CREDRREAD',
  62: 'lsa_CREDRENUMERATE', 63: 'lsa_CREDRWRITEDOMAINCREDENTIALS', 64: 'lsa_CREDRREADDOMAINCREDENTIALS', 65: 'lsa_CREDRDELETE',
  66: 'lsa_CREDRGETTARGETINFO', 67: 'lsa_CREDRPROFILELOADED', 68: 'lsa_LookupNames3', 69: 'lsa_CREDRGETSESSIONTYPES',
  70: 'lsa_LSARREGISTERAUDITEVENT', 71: 'lsa_LSARGENAUDITEVENT', 72: 'lsa_LSARUNREGISTERAUDITEVENT', 73: 'lsa_lsaRQueryForestTrustInformation',
  74: 'lsa_LSARSETFORESTTRUSTINFORMATION', 75: 'lsa_CREDRRENAME', 76: 'lsa_LookupSids3', 77: 'lsa_LookupNames4', 78: 'lsa_LSAROPENPOLICYSCE',
  79: 'lsa_LSARADTREGISTERSECURITYEVENTSOURCE', 80: 'lsa_LSARADTUNREGISTERSECURITYEVENTSOURCE', 81: 'lsa_LSARADTREPORTSECURITYEVENT',
} as const;

const F = defineFields({ opnum: { name: 'lsarpc.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Local Security Authority, over DCE/RPC. */
export const lsarpc = defineInterface({
  name: 'lsarpc',
  title: 'Local Security Authority',
  short: 'LSARPC',
  spec: ['MS-LSAD'],
  uuids: ['12345778-1234-abcd-ef00-0123456789ab'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default lsarpc;
