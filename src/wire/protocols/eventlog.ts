import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'ClearEventLogW', 1: 'BackupEventLogW', 2: 'CloseEventLog', 3: 'DeregisterEventSource', 4: 'GetNumRecords', 5: 'GetOldestRecord',
  6: 'ChangeNotify', 7: 'OpenEventLogW', 8: 'RegisterEventSourceW', 9: 'OpenBackupEventLogW', 10: 'ReadEventLogW', 11: 'ReportEventW',
  12: 'ClearEventLogA', 13: 'BackupEventLogA', 14: 'OpenEventLogA', 15: 'RegisterEventSourceA', 16: 'OpenBackupEventLogA', 17: 'ReadEventLogA',
  18: 'ReportEventA', 19: 'RegisterClusterSvc', 20: 'DeregisterClusterSvc', 21: 'WriteClusterEvents', 22: 'GetLogIntormation', 23: 'FlushEventLog',
} as const;

const F = defineFields({ opnum: { name: 'eventlog.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** Event Logger, over DCE/RPC. */
export const eventlog = defineInterface({
  name: 'eventlog',
  title: 'Event Logger',
  short: 'EVENTLOG',
  spec: ['MS-EVEN'],
  uuids: ['82273fdc-e32a-18c3-3f78-827929dc23ea'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default eventlog;
