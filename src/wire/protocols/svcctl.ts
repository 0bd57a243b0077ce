import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'CloseServiceHandle', 1: 'ControlService', 2: 'DeleteService', 3: 'LockServiceDatabase', 4: 'QueryServiceObjectSecurity',
  5: 'SetServiceObjectSecurity', 6: 'QueryServiceStatus', 7: 'SetServiceStatus', 8: 'UnlockServiceDatabase', 9: 'NotifyBootConfigStatus',
  10: 'ScSetServiceBitsW', 11: 'ChangeServiceConfigW', 12: 'CreateServiceW', 13: 'EnumDependentServicesW', 14: 'EnumServicesStatusW',
  15: 'OpenSCManagerW', 16: 'OpenServiceW', 17: 'QueryServiceConfigW', 18: 'QueryServiceLockStatusW', 19: 'StartServiceW',
  20: 'GetServiceDisplayNameW', 21: 'GetServiceKeyNameW', 22: 'ScSetServiceBitsA', 23: 'ChangeServiceConfigA', 24: 'CreateServiceA',
  25: 'EnumDependentServicesA', 26: 'EnumServicesStatusA', 27: 'OpenSCManagerA', 28: 'OpenServiceA', 29: 'QueryServiceConfigA',
  30: 'QueryServiceLockStatusA', 31: 'StartServiceA', 32: 'GetServiceDisplayNameA', 33: 'GetServiceKeyNameA', 34: 'ScGetCurrentGroupStateW',
  35: 'EnumServiceGroupW', 36: 'ChangeServiceConfig2A', 37: 'ChangeServiceConfig2W', 38: 'QueryServiceConfig2A', 39: 'QueryServiceConfig2W',
  40: 'QueryServiceStatusEx', 41: 'EnumServicesStatusExA', 42: 'EnumServicesStatusExW', 43: 'ScSendTSMessage',
} as const;

const F = defineFields({ opnum: { name: 'svcctl.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Microsoft Service Control, over DCE/RPC. */
export const svcctl = defineInterface({
  name: 'svcctl',
  title: 'Microsoft Service Control',
  short: 'SVCCTL',
  spec: ['MS-SCMR'],
  uuids: ['367abb81-9844-35f1-ad32-98f038001003'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default svcctl;
