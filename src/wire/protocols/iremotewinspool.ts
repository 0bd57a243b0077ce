import { defineInterface } from '../codecs/dcerpc-interface.ts';
import { defineFields, put } from '../define-dissector.ts';

const OPERATIONS = {
  0: 'winspool_AsyncOpenPrinter', 1: 'winspool_AsyncAddPrinter', 2: 'winspool_AsyncSetJob', 3: 'winspool_AsyncGetJob', 4: 'winspool_AsyncEnumJobs',
  5: 'winspool_AsyncAddJob', 6: 'winspool_AsyncScheduleJob', 7: 'winspool_AsyncDeletePrinter', 8: 'winspool_AsyncSetPrinter',
  9: 'winspool_AsyncGetPrinter', 10: 'winspool_AsyncStartDocPrinter', 11: 'winspool_AsyncStartPagePrinter', 12: 'winspool_AsyncWritePrinter',
  13: 'winspool_AsyncEndPagePrinter', 14: 'winspool_AsyncEndDocPrinter', 15: 'winspool_AsyncAbortPrinter', 16: 'winspool_AsyncGetPrinterData',
  17: 'winspool_AsyncGetPrinterDataEx', 18: 'winspool_AsyncSetPrinterData', 19: 'winspool_AsyncSetPrinterDataEx', 20: 'winspool_AsyncClosePrinter',
  21: 'winspool_AsyncAddForm', 22: 'winspool_AsyncDeleteForm', 23: 'winspool_AsyncGetForm', 24: 'winspool_AsyncSetForm',
  25: 'winspool_AsyncEnumForms', 26: 'winspool_AsyncGetPrinterDriver', 27: 'winspool_AsyncEnumPrinterData', 28: 'winspool_AsyncEnumPrinterDataEx',
  29: 'winspool_AsyncEnumPrinterKey', 30: 'winspool_AsyncDeletePrinterData', 31: 'winspool_AsyncDeletePrinterDataEx',
  32: 'winspool_AsyncDeletePrinterKey', 33: 'winspool_AsyncXcvData', 34: 'winspool_AsyncSendRecvBidiData', 35: 'winspool_AsyncCreatePrinterIC',
  36: 'winspool_AsyncPlayGdiScriptOnPrinterIC', 37: 'winspool_AsyncDeletePrinterIC', 38: 'winspool_AsyncEnumPrinters',
  39: 'winspool_AsyncAddPrinterDriver', 40: 'winspool_AsyncEnumPrinterDrivers', 41: 'winspool_AsyncGetPrinterDriverDirectory',
  42: 'winspool_AsyncDeletePrinterDriver', 43: 'winspool_AsyncDeletePrinterDriverEx', 44: 'winspool_AsyncAddPrintProcessor',
  45: 'winspool_AsyncEnumPrintProcessors', 46: 'winspool_AsyncGetPrintProcessorDirectory', 47: 'winspool_AsyncEnumPorts',
  48: 'winspool_AsyncEnumMonitors', 49: 'winspool_AsyncAddPort', 50: 'winspool_AsyncSetPort', 51: 'winspool_AsyncAddMonitor',
  52: 'winspool_AsyncDeleteMonitor', 53: 'winspool_AsyncDeletePrintProcessor', 54: 'winspool_AsyncEnumPrintProcessorDatatypes',
  55: 'winspool_AsyncAddPerMachineConnection', 56: 'winspool_AsyncDeletePerMachineConnection', 57: 'winspool_AsyncEnumPerMachineConnections',
  58: 'winspool_SyncRegisterForRemoteNotifications', 59: 'winspool_SyncUnRegisterForRemoteNotifications',
  60: 'winspool_SyncRefreshRemoteNotifications', 61: 'winspool_AsyncGetRemoteNotifications', 62: 'winspool_AsyncInstallPrinterDriverFromPackage',
  63: 'winspool_AsyncUploadPrinterDriverPackage', 64: 'winspool_AsyncGetCorePrinterDrivers', 65: 'winspool_AsyncCorePrinterDriverInstalled',
  66: 'winspool_AsyncGetPrinterDriverPackagePath', 67: 'winspool_AsyncDeletePrinterDriverPackage', 68: 'winspool_AsyncReadPrinter',
  69: 'winspool_AsyncResetPrinter', 70: 'winspool_AsyncGetJobNamedPropertyValue', 71: 'winspool_AsyncSetJobNamedProperty',
  72: 'winspool_AsyncDeleteJobNamedProperty', 73: 'winspool_AsyncEnumJobNamedProperties', 74: 'winspool_AsyncLogJobInfoForBranchOffice',
} as const;

const F = defineFields({ opnum: { name: 'iremotewinspool.opnum', ...put('u16', 'Operation', { values: OPERATIONS }) } });

/** IRemoteWinspool SubSystem, over DCE/RPC. */
export const iremotewinspool = defineInterface({
  name: 'iremotewinspool',
  title: 'IRemoteWinspool SubSystem',
  short: 'IREMOTEWINSPOOL',
  spec: ['MS-PAR'],
  uuids: ['76f03f96-cdfd-44fc-a22c-64950a001209'],
  operations: OPERATIONS,
  opnum: F.opnum,
});
export default iremotewinspool;
