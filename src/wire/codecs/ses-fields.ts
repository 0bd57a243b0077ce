import { defineFields, put } from '../define-dissector.ts';

/** Fields of OSI session. */
export const sesFields = defineFields({
  type: { name: 'ses.type', ...put('u8', 'SPDU Type', { values: { 1: 'DATA TRANSFER (DT) SPDU', 9: 'FINISH (FN) SPDU', 10: 'DISCONNECT (DN) SPDU', 13: 'CONNECT (CN) SPDU', 14: 'ACCEPT (AC) SPDU', 25: 'ABORT (AB) SPDU' } }) },
  length: { name: 'ses.length', ...put('u16', 'Length') },
  reqFlags: { name: 'ses.req.flags', ...put('u16', 'Flags', { base: 'hex' }) },
  protocolVersion1: { name: 'ses.protocol_version1', ...put('boolean', 'Protocol Version 1', { mask: 0x1 }) },
  protocolVersion2: { name: 'ses.protocol_version2', ...put('boolean', 'Protocol Version 2', { mask: 0x2 }) },
  callingSessionSelector: { name: 'ses.calling_session_selector', ...put('bytes', 'Calling Session Selector') },
  calledSessionSelector: { name: 'ses.called_session_selector', ...put('bytes', 'Called Session Selector') },
  connectFlags: { name: 'ses.connect.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  versionFlags: { name: 'ses.version.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  parameterType: { name: 'ses.parameter_type', ...put('u8', 'Parameter type') },
  parameterLength: { name: 'ses.parameter_length', ...put('u32', 'Parameter length') },
});
const F = sesFields;

/** A word and the fields of its bits, by the word. */
export const sesGroups = {
  version: [F.versionFlags, F.protocolVersion1, F.protocolVersion2],
  req: [F.reqFlags],
} as const;
