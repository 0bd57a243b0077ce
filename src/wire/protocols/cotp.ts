import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { cotpTalk } from '../codecs/cotp-talk.ts';

// | length indicator | code, credit | destination reference | source reference | class, options | parameters... | user data
const PDU = { ED: 0x1, EA: 0x2, UD: 0x4, RJ: 0x5, AK: 0x6, ER: 0x7, DR: 0x8, DC: 0xc, CC: 0xd, CR: 0xe, DT: 0xf } as const;
const PDU_NAMES = {
  1: 'ED Expedited Data', 2: 'EA Expedited Data Acknowledgement', 4: 'UD Unit Data', 5: 'RJ Reject', 6: 'AK Data Acknowledgement', 7: 'ER TPDU Error',
  8: 'DR Disconnect Request', 12: 'DC Disconnect Confirm', 13: 'CC Connect Confirm', 14: 'CR Connect Request', 15: 'DT Data',
} as const;
const PARAMETER = { TPDU_SIZE: 0xc0, SOURCE_TSAP: 0xc1, DESTINATION_TSAP: 0xc2, CHECKSUM: 0xc3, VERSION: 0xc4, OPTIONS: 0xc6, PREFERRED_SIZE: 0xf0, INACTIVITY: 0xf2 } as const;
const PARAMETER_NAMES = {
  0x85: 'ack-time', 0x86: 'residual-error-rate', 0x87: 'priority', 0x88: 'transit-delay', 0x89: 'throughput', 0x8a: 'seq-nr', 0x8b: 'reassignment', 0x8c: 'flow-cntl',
  0xc0: 'tpdu-size', 0xc1: 'src-tsap', 0xc2: 'dst-tsap', 0xc3: 'checksum', 0xc4: 'version-nr', 0xc5: 'protection', 0xc6: 'opt-sel', 0xc7: 'proto-class',
  0xf0: 'preferred max TPDU size', 0xf2: 'inactivity timer',
} as const;

export const cotpFields = defineFields({
  li: { name: 'cotp.li', ...put('u8', 'Length') },
  type: { name: 'cotp.type', ...put('u8', 'PDU Type', { base: 'hex', values: PDU_NAMES }) },
  destRef: { name: 'cotp.destref', ...put('u16', 'Destination reference', { base: 'hex' }) },
  srcRef: { name: 'cotp.srcref', ...put('u16', 'Source reference', { base: 'hex' }) },
  class: { name: 'cotp.class', ...put('u8', 'Class', { mask: 0xf0 }) },
  extended: { name: 'cotp.opts.extended_formats', ...put('boolean', 'Extended formats', { mask: 0x2 }) },
  noFlowControl: { name: 'cotp.opts.no_explicit_flow_control', ...put('boolean', 'No explicit flow control', { mask: 0x1 }) },
  number: { name: 'cotp.tpdu-number', ...put('u8', 'TPDU number', { base: 'hex', mask: 0x7f }) },
  nextNumber: { name: 'cotp.next-tpdu-number', ...put('u8', 'Your TPDU number', { base: 'hex' }) },
  eot: { name: 'cotp.eot', ...put('boolean', 'Last data unit', { mask: 0x80 }) },
  srcTsap: { name: 'cotp.src-tsap', ...put('string', 'Source TSAP') },
  srcTsapBytes: { name: 'cotp.src-tsap-bytes', ...put('bytes', 'Source TSAP') },
  dstTsap: { name: 'cotp.dst-tsap', ...put('string', 'Destination TSAP') },
  dstTsapBytes: { name: 'cotp.dst-tsap-bytes', ...put('bytes', 'Destination TSAP') },
  parameterCode: { name: 'cotp.parameter_code', ...put('u8', 'Parameter code', { base: 'hex', values: PARAMETER_NAMES }) },
  parameterLength: { name: 'cotp.parameter_length', ...put('u8', 'Parameter length') },
  parameterValue: { name: 'cotp.parameter_value', ...put('bytes', 'Parameter value') },
  tpduSize: { name: 'cotp.tpdu_size', ...put('u8', 'TPDU size') },
  checksum: { name: 'cotp.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  version: { name: 'cotp.vp_version_nr', ...put('u8', 'Version') },
  networkExpedited: { name: 'cotp.network_expedited_data', ...put('boolean', 'Use of network expedited data', { mask: 0x8 }) },
  receiptConfirmation: { name: 'cotp.vp_opt_sel_class1_use', ...put('boolean', 'Use', { mask: 0x4 }) },
  checksum16: { name: 'cotp.use_16_bit_checksum', ...put('boolean', '16 bit checksum', { mask: 0x2 }) },
  expeditedData: { name: 'cotp.transport_expedited_data_transfer', ...put('boolean', 'Transport expedited data transfer', { mask: 0x1 }) },
  preferredSize: { name: 'cotp.preferred_maximum_tpdu_size', ...put('u32', 'Preferred maximum TPDU size') },
  inactivity: { name: 'cotp.inactivity_timer', ...put('u32', 'Inactivity timer (ms)') },
  cause: { name: 'cotp.cause', ...put('u8', 'Cause') },
  segmentData: { name: 'cotp.segment_data', ...put('bytes', 'COTP segment data') },
  rejectCause: { name: 'cotp.reject_cause', ...put('u8', 'Reject cause') },
});
const F = cotpFields;

/** ISO transport: connections, and data units that make a message. */
export const cotp = defineDissector({
  name: 'cotp',
  title: 'ISO 8073/X.224 COTP Connection-Oriented Transport Protocol',
  spec: ['ISO 8073', 'ITU-T X.224', 'RFC 905'],
  over: { 'ip.proto': [29] },
  tables: ['cotp'],
  fields: cotpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 2) return end < p.wireEnd ? p.tooShort(2) : DECLINE;
    const li = b[at];
    const type = b[at + 1] >> 4;
    const body = at + 1 + li;
    if (!(type in PDU_NAMES) || li < LEAST_LI[type] || body > p.wireEnd) return DECLINE;
    if (body > end) return p.tooShort(body - at);
    p.put(F.li, at, 1);
    p.putInt(F.type, at + 1, 1, type);
    if (type === PDU.DT) return putData(p, at, li, body);
    if (type !== PDU.UD && li >= 4) p.put(F.destRef, at + 2, 2);
    switch (type) {
      case PDU.CR: case PDU.CC: return putConnection(p, at, li, body);
      case PDU.DR:
        p.put(F.srcRef, at + 4, 2);
        p.put(F.cause, at + 6, 1);
        return putParameters(p, at + 7, body);
      case PDU.DC:
        p.put(F.srcRef, at + 4, 2);
        return DONE;
      case PDU.ER:
        p.put(F.rejectCause, at + 4, 1);
        return putParameters(p, at + 5, body);
      case PDU.UD:
        p.payload(body, p.wireEnd);
        return p.next('cotp', -1);
      case PDU.ED:
        p.put(F.number, at + 4, 1);
        p.payload(body, p.wireEnd);
        return p.next('cotp', -1);
      default:
        p.put(F.nextNumber, at + 4, 1);
        return DONE;
    }
  },
  info: (row) => `${PDU_NAMES[row.num(F.type) as keyof typeof PDU_NAMES] ?? 'Unknown'}${row.has(F.srcRef) ? ` ${row.text(F.srcRef)} → ${row.text(F.destRef)}` : ''}`,
});

/** Least length indicator by code. */
const LEAST_LI: Readonly<Record<number, number>> = { 1: 4, 2: 4, 4: 1, 5: 4, 6: 4, 7: 4, 8: 6, 12: 5, 13: 6, 14: 6, 15: 2 };

/** Data of classes 0 and 1 (no references) or 2 to 4 (ISO 8073 §13.7). */
function putData(p: PacketView, at: number, li: number, body: number): number {
  const b = p.bytes;
  const isPlain = li === 2 || (li !== 4 && li !== 7 && (b[at + 2] & 0x80) !== 0 && li < 4);
  const numberAt = isPlain ? at + 2 : at + 4;
  if (isPlain) p.putInt(F.destRef, at, 0, 0);
  else p.put(F.destRef, at + 2, 2);
  p.put(F.number, numberAt, 1);
  p.put(F.eot, numberAt, 1);
  const isLast = (b[numberAt] & 0x80) !== 0;
  if (p.flow >= 0 && p.wireEnd === p.end) {
    const parts = cotpTalk(p);
    if (!isLast || parts.pending) {
      if (p.end > body) p.put(F.segmentData, body, p.end - body);
      if (parts.add(b, body, p.end, p.frame) && isLast) {
        p.callSource(p.id('cotp.segments'), p.derive(parts.take(), 'reassembled'));
        parts.clear();
      }
      return p.finish();
    }
  }
  p.payload(body, p.wireEnd);
  return p.wireEnd > body ? p.next('cotp', -1) : p.finish();
}

function putConnection(p: PacketView, at: number, li: number, body: number): number {
  p.put(F.srcRef, at + 4, 2);
  p.put(F.class, at + 6, 1);
  p.put(F.extended, at + 6, 1);
  p.put(F.noFlowControl, at + 6, 1);
  const rdp = p.srcPort === 3389 || p.dstPort === 3389 ? p.id('rdp') : 0;
  // Remote desktops put their cookie and negotiation where parameters stand (MS-RDPBCGR §2.2.1.1).
  if (rdp > 0 && li > 6) {
    p.call(rdp, at + 7, body);
    return p.finish();
  }
  const verdict = putParameters(p, at + 7, body);
  if (body < p.wireEnd && verdict === DONE) {
    p.payload(body, p.wireEnd);
    return p.next('cotp', -1);
  }
  return verdict;
}

function putParameters(p: PacketView, from: number, end: number): number {
  const b = p.bytes;
  for (let q = from; q + 2 <= end;) {
    const code = b[q];
    const length = b[q + 1];
    const value = q + 2;
    if (value + length > end) break;
    p.put(F.parameterCode, q, 1);
    p.put(F.parameterLength, q + 1, 1);
    if (code === PARAMETER.TPDU_SIZE && length === 1) p.putInt(F.tpduSize, value, 1, 2 ** Math.min(b[value], 16));
    else if (code === PARAMETER.SOURCE_TSAP) putTsap(p, true, value, length);
    else if (code === PARAMETER.DESTINATION_TSAP) putTsap(p, false, value, length);
    else if (code === PARAMETER.CHECKSUM && length === 2) p.put(F.checksum, value, 2);
    else if (code === PARAMETER.VERSION && length === 1) p.put(F.version, value, 1);
    else if (code === PARAMETER.OPTIONS && length === 1) {
      p.put(F.networkExpedited, value, 1);
      p.put(F.receiptConfirmation, value, 1);
      p.put(F.checksum16, value, 1);
      p.put(F.expeditedData, value, 1);
    } else if (code === PARAMETER.PREFERRED_SIZE && length > 0 && length <= 4) {
      let size = 0;
      for (let i = 0; i < length; i++) size = size * 256 + b[value + i];
      p.putInt(F.preferredSize, value, length, size * 128);
    } else if (code === PARAMETER.INACTIVITY && length === 4) p.put(F.inactivity, value, 4);
    else p.put(F.parameterValue, value, length);
    q = value + length;
  }
  return DONE;
}

/** A selector is text where all of it can be printed, else hex digits. */
function putTsap(p: PacketView, isSource: boolean, at: number, length: number): void {
  const text = isSource ? F.srcTsap : F.dstTsap;
  if (p.wants(text)) p.putText(text, at, length, tsapText(p, at, length));
  p.put(isSource ? F.srcTsapBytes : F.dstTsapBytes, at, length);
}

function tsapText(p: PacketView, at: number, length: number): string {
  const b = p.bytes;
  let printable = true;
  let hex = '0x';
  for (let i = at; i < at + length; i++) {
    if (b[i] < 0x20 || b[i] > 0x7e) printable = false;
    hex += (b[i] < 16 ? '0' : '') + b[i].toString(16);
  }
  return printable ? p.host.latin1(b, at, at + length) : hex;
}

export default cotp;
