import { mmsFields as F } from '../codecs/mms-fields.ts';
import { putMms } from '../codecs/mms-rules.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

/** Confirmed and unconfirmed PDUs, and those of the connection. */
const isPdu = (tag: number): boolean => (tag >= 0xa0 && tag <= 0xad) || tag === 0x8b || tag === 0x8c || tag === 0x85 || tag === 0x86;

/** Manufacturing messages: variables and files of controllers, under IEC 61850 among others. */
export const mms = defineDissector({
  name: 'mms',
  title: 'MMS',
  spec: ['ISO 9506-2'],
  over: {},
  column: 'MMS',
  heuristicOver: ['cotp'],
  heuristic: (p, at, end) => end - at >= 4 && (p.bytes[at] === 0xa0 || p.bytes[at] === 0xa1 || p.bytes[at] === 0xa8 || p.bytes[at] === 0xa9) && p.bytes[at + 1] <= end - at - 2,
  fields: F,
  dissect: (p, at, end) => (isPdu(p.bytes[at]) && putMms(p, at, end) ? DONE : DECLINE),
  info: (row) => `invoke ${row.text(F.invokeID)}`,
});
export default mms;
