import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { Field } from '../../filter/field.ts';
import { layout, putLayout } from '../layout.ts';
import { DECLINE, DONE, unfit } from '../packet-view.ts';

const HEADER_LEN = 34;
const VERSION = 2;

const TYPES = {
  0: 'Sync Message', 1: 'Delay_Req Message', 2: 'Path_Delay_Req Message', 3: 'Path_Delay_Resp Message', 8: 'Follow_Up Message', 9: 'Delay_Resp Message',
  10: 'Path_Delay_Resp_Follow_Up Message', 11: 'Announce Message', 12: 'Signalling Message', 13: 'Management Message',
} as const;

export const ptpFields = defineFields({
  v2Majorsdoid: { name: 'ptp.v2.majorsdoid', ...fixed('u8', 0, 'majorSdoId', { base: 'hex', mask: 0xf0 }) },
  v2Messagetype: { name: 'ptp.v2.messagetype', ...fixed('u8', 0, 'messageType', { base: 'hex', mask: 0xf, values: TYPES }) },
  v2Minorversionptp: { name: 'ptp.v2.minorversionptp', ...fixed('u8', 1, 'minorVersionPTP', { mask: 0xf0 }) },
  v2Versionptp: { name: 'ptp.v2.versionptp', ...fixed('u8', 1, 'versionPTP', { mask: 0xf }) },
  v2Messagelength: { name: 'ptp.v2.messagelength', ...fixed('u16', 2, 'messageLength') },
  v2Domainnumber: { name: 'ptp.v2.domainnumber', ...fixed('u8', 4, 'domainNumber') },
  v2Minorsdoid: { name: 'ptp.v2.minorsdoid', ...fixed('u8', 5, 'minorSdoId') },
  v2Flags: { name: 'ptp.v2.flags', ...fixed('u16', 6, 'flags', { base: 'hex' }) },
  v2Messagetypespecific: { name: 'ptp.v2.messagetypespecific', ...fixed('u32', 16, 'messageTypeSpecific') },
  v2Clockidentity: { name: 'ptp.v2.clockidentity', ...fixed('u64', 20, 'ClockIdentity', { base: 'hex' }) },
  v2Sourceportid: { name: 'ptp.v2.sourceportid', ...fixed('u16', 28, 'SourcePortID') },
  v2Sequenceid: { name: 'ptp.v2.sequenceid', ...fixed('u16', 30, 'sequenceId') },
  v2Controlfield: { name: 'ptp.v2.controlfield', ...fixed('u8', 32, 'controlField') },
  v2Logmessageperiod: { name: 'ptp.v2.logmessageperiod', ...fixed('i8', 33, 'logMessagePeriod') },
  correctionNs: { name: 'ptp.v2.correction.ns', ...put('u64', 'correction') },
  originSeconds: { name: 'ptp.v2.sdr.origintimestamp.seconds', ...put('u64', 'originTimestamp (seconds)') },
  originNanoseconds: { name: 'ptp.v2.sdr.origintimestamp.nanoseconds', ...put('i32', 'originTimestamp (nanoseconds)') },
  preciseSeconds: { name: 'ptp.v2.fu.preciseorigintimestamp.seconds', ...put('u64', 'preciseOriginTimestamp (seconds)') },
  preciseNanoseconds: { name: 'ptp.v2.fu.preciseorigintimestamp.nanoseconds', ...put('u32', 'preciseOriginTimestamp (nanoseconds)') },
  receiveSeconds: { name: 'ptp.v2.dr.receivetimestamp.seconds', ...put('u64', 'receiveTimestamp (seconds)') },
  receiveNanoseconds: { name: 'ptp.v2.dr.receivetimestamp.nanoseconds', ...put('i32', 'receiveTimestamp (nanoseconds)') },
  requestingIdentity: { name: 'ptp.v2.dr.requestingsourceportidentity', ...put('u64', 'requestingSourcePortIdentity', { base: 'hex' }) },
  requestingPort: { name: 'ptp.v2.dr.requestingsourceportid', ...put('u16', 'requestingSourcePortId') },
  v2FlagsSecurity: { name: 'ptp.v2.flags.security', ...put('boolean', 'PTP_SECURITY', { mask: 0x8000, size: 2 }) },
  v2FlagsSpecific2: { name: 'ptp.v2.flags.specific2', ...put('boolean', 'PTP profile Specific 2', { mask: 0x4000, size: 2 }) },
  v2FlagsSpecific1: { name: 'ptp.v2.flags.specific1', ...put('boolean', 'PTP profile Specific 1', { mask: 0x2000, size: 2 }) },
  v2FlagsUnicast: { name: 'ptp.v2.flags.unicast', ...put('boolean', 'PTP_UNICAST', { mask: 0x400, size: 2 }) },
  v2FlagsTwostep: { name: 'ptp.v2.flags.twostep', ...put('boolean', 'PTP_TWO_STEP', { mask: 0x200, size: 2 }) },
  v2FlagsAlternatemaster: { name: 'ptp.v2.flags.alternatemaster', ...put('boolean', 'PTP_ALTERNATE_MASTER', { mask: 0x100, size: 2 }) },
  v2FlagsSynchronizationUncertain: { name: 'ptp.v2.flags.synchronizationUncertain', ...put('boolean', 'SYNCHRONIZATION_UNCERTAIN', { mask: 0x40, size: 2 }) },
  v2FlagsFrequencytraceable: { name: 'ptp.v2.flags.frequencytraceable', ...put('boolean', 'FREQUENCY_TRACEABLE', { mask: 0x20, size: 2 }) },
  v2FlagsTimetraceable: { name: 'ptp.v2.flags.timetraceable', ...put('boolean', 'TIME_TRACEABLE', { mask: 0x10, size: 2 }) },
  v2FlagsTimescale: { name: 'ptp.v2.flags.timescale', ...put('boolean', 'PTP_TIMESCALE', { mask: 0x8, size: 2 }) },
  v2FlagsUtcreasonable: { name: 'ptp.v2.flags.utcreasonable', ...put('boolean', 'PTP_UTC_REASONABLE', { mask: 0x4, size: 2 }) },
  v2FlagsLi59: { name: 'ptp.v2.flags.li59', ...put('boolean', 'PTP_LI_59', { mask: 0x2, size: 2 }) },
  v2FlagsLi61: { name: 'ptp.v2.flags.li61', ...put('boolean', 'PTP_LI_61', { mask: 0x1, size: 2 }) },
});
const F = ptpFields;
const FLAGS = layout({
  6: [
    F.v2FlagsSecurity, F.v2FlagsSpecific2, F.v2FlagsSpecific1, F.v2FlagsUnicast, F.v2FlagsTwostep, F.v2FlagsAlternatemaster, F.v2FlagsSynchronizationUncertain,
    F.v2FlagsFrequencytraceable, F.v2FlagsTimetraceable, F.v2FlagsTimescale, F.v2FlagsUtcreasonable, F.v2FlagsLi59, F.v2FlagsLi61,
  ],
});

const SECONDS_LEN = 6;
/** Message type to its timestamp's seconds and nanoseconds. */
const TIMES: Readonly<Record<number, readonly [Field, Field]>> = {
  0: [F.originSeconds, F.originNanoseconds],
  1: [F.originSeconds, F.originNanoseconds],
  8: [F.preciseSeconds, F.preciseNanoseconds],
  9: [F.receiveSeconds, F.receiveNanoseconds],
};
const DELAY_RESP = 9;

/** Messages of version 2: head and timestamps. */
export const ptp = defineDissector({
  name: 'ptp',
  title: 'Precision Time Protocol (IEEE1588)',
  short: 'PTPv2',
  spec: ['IEEE 1588-2019 §13.3'],
  over: { 'udp.port': [319, 320], ethertype: [0x88f7] },
  fields: ptpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if ((p.bytes[at + 1] & 15) !== VERSION) return DECLINE;
    putLayout(p, FLAGS, at, end);
    p.put(F.correctionNs, at + 8, SECONDS_LEN);
    const type = p.bytes[at] & 15;
    const times = TIMES[type];
    const i = at + HEADER_LEN;
    if (!times) return DONE;
    if (i + 10 > end) return unfit(p);
    p.put(times[0], i, SECONDS_LEN);
    p.put(times[1], i + SECONDS_LEN, 4);
    if (type === DELAY_RESP && i + 20 <= end) {
      p.put(F.requestingIdentity, i + 10, 8);
      p.put(F.requestingPort, i + 18, 2);
    }
    return DONE;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.v2Messagetype)] ?? 'Unknown',
});
export default ptp;
