import type { FieldRun } from '../codecs/field-run.ts';
import { putRun } from '../codecs/field-run.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const oicqFields = defineFields({
  flag: { name: 'oicq.flag', ...put('u8', 'Flag', { base: 'hex' }) },
  version: { name: 'oicq.version', ...put('u16', 'Version', { base: 'hex' }) },
  command: { name: 'oicq.command', ...put('u16', 'Command') },
  sequence: { name: 'oicq.seq', ...put('u16', 'Sequence') },
  number: { name: 'oicq.qqid', ...put('u32', 'Data(OICQ Number,if sender is client)') },
  data: { name: 'oicq.data', ...put('string', 'Data') },
});
const F = oicqFields;
const FLAG = 0x02;
const HEAD: FieldRun = [[F.flag, 1], [F.version, 2], [F.command, 2], [F.sequence, 2], [F.number, 4]];

/** OICQ: messages of the QQ client over UDP. */
export default defineDissector({
  name: 'oicq',
  title: 'OICQ - IM software, popular in China',
  spec: ['Observed behaviour'],
  over: { 'udp.port': [8000] },
  fields: oicqFields,
  short: 'OICQ',
  dissect(p, at, end) {
    if (at >= end || p.bytes[at] !== FLAG) return DECLINE;
    const data = putRun(p, at, end, HEAD);
    if (data < 0) return p.tooShort(11);
    if (data < end) p.put(F.data, data, end - data);
    return DONE;
  },
});
