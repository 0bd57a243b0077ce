import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 3;

export const oampduFields = defineFields({
  flags: { name: 'oampdu.flags', ...fixed('u16', 0, 'Flags', { base: 'hex' }) },
  code: { name: 'oampdu.code', ...fixed('u8', 2, 'OAMPDU code', { base: 'hex', values: { 0: 'Information', 1: 'Event Notification', 2: 'Variable Request', 3: 'Variable Response', 4: 'Loopback Control' } }) },
});
const FLAGS = defineBits('oampdu.flags', [
  ['.linkFault', 0x01, 'Link Fault'], ['.dyingGasp', 0x02, 'Dying Gasp'], ['.criticalEvent', 0x04, 'Critical Event'], ['.localEvaluating', 0x08, 'Local Evaluating'],
  ['.localStable', 0x10, 'Local Stable'], ['.remoteEvaluating', 0x20, 'Remote Evaluating'], ['.remoteStable', 0x40, 'Remote Stable'],
]);

/** Operation of a link, told by its ends. */
export const oampdu = defineDissector({
  name: 'oampdu',
  title: 'OAMPDU',
  spec: ['IEEE 802.3 §57.4'],
  over: { 'slow.subtype': [3] },
  fields: { ...oampduFields, ...namedFields(FLAGS) },
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    putBits(p, FLAGS, at + 1, 1);
    return DONE;
  },
  info: (row) => `Code ${row.text(oampduFields.code)}`,
});
export default oampdu;
