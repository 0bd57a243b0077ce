import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'DsRoleGetPrimaryDomainInformation', 1: 'DsRoleDnsNameToFlatName', 2: 'DsRoleDcAsDc', 3: 'DsRoleDcAsReplica', 4: 'DsRoleDemoteDc',
  5: 'DsRoleGetDcOperationProgress', 6: 'DsRoleGetDcOperationResults', 7: 'DsRoleCancel', 8: 'DsRoleServerSaveStateForUpgrade',
  9: 'DsRoleUpgradeDownlevelServer', 10: 'DsRoleAbortDownlevelServerUpgrade',
} as const;

const F = defineFields({ opnum: { name: 'dssetup.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Active Directory Setup, over DCE/RPC. */
export const dssetup = defineInterface({
  name: 'dssetup',
  title: 'Active Directory Setup',
  short: 'DSSETUP',
  spec: ['MS-DSSP'],
  uuids: ['3919286a-b10c-11d0-9ba8-00c04fd92ef5'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default dssetup;
