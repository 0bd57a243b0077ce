import type { Field } from '../../filter/field.ts';
import type { FieldRun } from './field-run.ts';
import { iecAsduFields } from './iec-asdu-fields.ts';

const F = iecAsduFields;

/** Where an information element holds a time: three bytes (minutes) or seven (a date). */
export type TimeTag = 0 | 3 | 7;

/** One information object: elements after its address, and a time tag. */
export interface AsduType {
  readonly name: string;
  readonly elements: FieldRun;
  readonly time: TimeTag;
  /** A normalised value of two bytes comes first. */
  readonly normalised: boolean;
}

const bits = (...fields: readonly Field[]): FieldRun => fields.map((f, i) => (i < fields.length - 1 ? ([f, 1, true] as const) : ([f, 1] as const)));
const SIQ = bits(F.siq, F.siqSpi, F.siqBl, F.siqSb, F.siqNt, F.siqIv);
const DIQ = bits(F.diq, F.diqDpi, F.diqBl, F.diqSb, F.diqNt, F.diqIv);
const QDS = bits(F.qds, F.qdsOv, F.qdsBl, F.qdsSb, F.qdsNt, F.qdsIv);
const VTI = bits(F.vti, F.vtiV, F.vtiT);
const QOS = bits(F.qos, F.qosQl, F.qosSe);
const SCO = bits(F.sco, F.scoOn, F.scoQu, F.scoSe);
const DCO = bits(F.dco, F.dcoOn, F.dcoQu, F.dcoSe);
const RCO = bits(F.rco, F.rcoUp, F.rcoQu, F.rcoSe);
const COI = bits(F.coi, F.coiR, F.coiI);
const QCC = bits(F.qcc, F.rqt, F.frz);
const BCR: FieldRun = [[F.bcrCount, 4], ...bits(F.bcrSq, F.bcrCy, F.bcrCa, F.bcrIv)];
const BITSTRING: FieldRun = [[F.bitstring, 4]];
const SCALED: FieldRun = [[F.scalval, 2]];
const FLOAT: FieldRun = [[F.float, 4]];
const QOI: FieldRun = [[F.qoi, 1]];
const QRP: FieldRun = [[F.qrp, 1]];
const type = (name: string, elements: FieldRun, time: TimeTag = 0): AsduType => ({ name, elements, time, normalised: false });
const normalised = (name: string, elements: FieldRun, time: TimeTag = 0): AsduType => ({ name, elements, time, normalised: true });

/** Type identifications (IEC 60870-5-101 §7.2.1). */
export const ASDU_TYPES: Readonly<Record<number, AsduType>> = {
  1: type('M_SP_NA_1', SIQ), 2: type('M_SP_TA_1', SIQ, 3), 3: type('M_DP_NA_1', DIQ), 4: type('M_DP_TA_1', DIQ, 3), 5: type('M_ST_NA_1', [...VTI, ...QDS]),
  7: type('M_BO_NA_1', [...BITSTRING, ...QDS]), 9: normalised('M_ME_NA_1', QDS), 11: type('M_ME_NB_1', [...SCALED, ...QDS]),
  13: type('M_ME_NC_1', [...FLOAT, ...QDS]), 15: type('M_IT_NA_1', BCR), 21: normalised('M_ME_ND_1', []), 30: type('M_SP_TB_1', SIQ, 7),
  31: type('M_DP_TB_1', DIQ, 7), 32: type('M_ST_TB_1', [...VTI, ...QDS], 7), 33: type('M_BO_TB_1', [...BITSTRING, ...QDS], 7),
  34: normalised('M_ME_TD_1', QDS, 7), 35: type('M_ME_TE_1', [...SCALED, ...QDS], 7), 36: type('M_ME_TF_1', [...FLOAT, ...QDS], 7),
  37: type('M_IT_TB_1', BCR, 7), 45: type('C_SC_NA_1', SCO), 46: type('C_DC_NA_1', DCO), 47: type('C_RC_NA_1', RCO),
  48: normalised('C_SE_NA_1', QOS), 49: type('C_SE_NB_1', [...SCALED, ...QOS]), 50: type('C_SE_NC_1', [...FLOAT, ...QOS]),
  51: type('C_BO_NA_1', BITSTRING), 58: type('C_SC_TA_1', SCO, 7), 59: type('C_DC_TA_1', DCO, 7), 60: type('C_RC_TA_1', RCO, 7),
  61: normalised('C_SE_TA_1', QOS, 7), 62: type('C_SE_TB_1', [...SCALED, ...QOS], 7), 63: type('C_SE_TC_1', [...FLOAT, ...QOS], 7),
  64: type('C_BO_TA_1', BITSTRING, 7), 70: type('M_EI_NA_1', COI), 100: type('C_IC_NA_1', QOI), 101: type('C_CI_NA_1', QCC), 102: type('C_RD_NA_1', []),
  103: type('C_CS_NA_1', [], 7), 105: type('C_RP_NA_1', QRP),
};
