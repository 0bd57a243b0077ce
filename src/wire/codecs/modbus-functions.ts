import type { Field } from '../../filter/field.ts';
import { modbusFields } from './modbus-fields.ts';

const F = modbusFields;

/** Function codes (MODBUS Application Protocol V1.1b3 §5). */
export const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'Read Coils', 2: 'Read Discrete Inputs', 3: 'Read Holding Registers', 4: 'Read Input Registers', 5: 'Write Single Coil', 6: 'Write Single Register',
  7: 'Read Exception Status', 8: 'Diagnostics', 11: 'Get Comm. Event Counters', 12: 'Get Comm. Event Log', 15: 'Write Multiple Coils',
  16: 'Write Multiple Registers', 17: 'Report Slave ID', 20: 'Read File Record', 21: 'Write File Record', 22: 'Mask Write Register',
  23: 'Read Write Register', 24: 'Read FIFO Queue', 43: 'Encapsulated Interface Transport',
};

/** What the data of a diagnostic sub-function is (§6.8), by its code. */
export const DIAGNOSTIC_FIELDS: Readonly<Record<number, Field>> = {
  1: F.diagnosticRestartCommunicationOption, 2: F.diagnosticReturnDiagRegister, 10: F.diagnosticClearCtrDiagReg, 11: F.diagnosticBusMessageCount,
  12: F.diagnosticBusCommErrorCount, 13: F.diagnosticBusExceptionErrorCount, 14: F.diagnosticSlaveMessageCount, 15: F.diagnosticNoSlaveResponseCount,
  16: F.diagnosticSlaveNakCount, 17: F.diagnosticSlaveBusyCount, 18: F.diagnosticBusCharOverrunCount,
};
