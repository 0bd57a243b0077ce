import { u16le } from '../../base/bytes.ts';
import { daysFromCivil } from '../../base/time.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { iecAsduFields } from '../codecs/iec-asdu-fields.ts';
import { ASDU_TYPES } from '../codecs/iec-asdu-types.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = iecAsduFields;
const ADDRESS_LEN = 3;
const HEAD: FieldRun = [[F.typeid, 1], [F.sq, 1, true], [F.numix, 1], [F.causetx, 1, true], [F.nega, 1, true], [F.test, 1], [F.oa, 1], [F.addr, 2]];
const SHORT_TIME: FieldRun = [[F.cp24timeMs, 2], [F.cp24timeMin, 1, true], [F.cp24timeIv, 1]];
const LONG_TIME: FieldRun = [
  [F.cp56timeMs, 2], [F.cp56timeMin, 1, true], [F.cp56timeGen, 1, true], [F.cp56timeIv, 1], [F.cp56timeHour, 1, true], [F.cp56timeSu, 1],
  [F.cp56timeDay, 1, true], [F.cp56timeDow, 1], [F.cp56timeMonth, 1], [F.cp56timeYear, 1],
];

/** Application data of IEC 60870-5-101 and 104: a type, a cause, and information objects. */
export default defineDissector({
  name: 'iec60870_asdu',
  title: 'IEC 60870-5-101/104 ASDU',
  spec: ['IEC 60870-5-101 §7', 'IEC 60870-5-104 §6'],
  over: {},
  fields: iecAsduFields,
  short: 'IEC 60870-5 ASDU',
  column: 'IEC 60870-5 ASDU',
  dissect(p, at, end) {
    const b = p.bytes;
    let pos = putRun(p, at, end, HEAD);
    if (pos < 0) return cutShort(p, end);
    const type = ASDU_TYPES[b[at]];
    const count = b[at + 1] & 127;
    const inSequence = (b[at + 1] & 128) !== 0;
    let address = 0;
    for (let i = 0; i < count; i++) {
      if (i === 0 || !inSequence) {
        if (pos + ADDRESS_LEN > end) return cutShort(p, end);
        address = b[pos] | (b[pos + 1] << 8) | (b[pos + 2] << 16);
        p.put(F.ioa, pos, ADDRESS_LEN);
        pos += ADDRESS_LEN;
      } else p.putInt(F.ioa, pos, 0, address + i);
      if (type === undefined) {
        p.put(F.rawdata, pos, end - pos);
        return DONE;
      }
      // A normalised value is a fraction of 2^15.
      if (type.normalised) {
        if (pos + 2 > end) return cutShort(p, end);
        p.putInt(F.normval, pos, 2, ((u16le(b, pos) << 16) >> 16) / 32_768);
        pos += 2;
      }
      pos = putRun(p, pos, end, type.elements);
      if (pos < 0 || pos + type.time > end) return cutShort(p, end);
      if (type.time !== 0) putTime(p, pos, type.time, end);
      pos += type.time;
    }
    return DONE;
  },
  info: (row) => `${ASDU_TYPES[row.num(F.typeid)]?.name ?? `Type ${row.num(F.typeid)}`} from ${row.num(F.addr)}`,
});

function putTime(p: PacketView, at: number, len: number, end: number): void {
  const b = p.bytes;
  const ms = u16le(b, at);
  if (len === ADDRESS_LEN) {
    const seconds = (b[at + 2] & 63) * 60 + Math.floor(ms / 1000);
    p.putTime(F.cp24time, at, len, seconds, (ms % 1000) * 1_000_000);
    putRun(p, at, end, SHORT_TIME);
    return;
  }
  const year = b[at + 6] & 127;
  const days = daysFromCivil(year < 70 ? 2000 + year : 1900 + year, Math.max(b[at + 5] & 15, 1), Math.max(b[at + 4] & 31, 1));
  const seconds = days * 86_400 + (b[at + 3] & 31) * 3600 + (b[at + 2] & 63) * 60 + Math.floor(ms / 1000);
  p.putTime(F.cp56time, at, len, seconds, (ms % 1000) * 1_000_000);
  putRun(p, at, end, LONG_TIME);
}

