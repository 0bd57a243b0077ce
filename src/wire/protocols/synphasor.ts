import { u16be, u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { synphasorFields } from '../codecs/synphasor-fields.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = synphasorFields;
const TCP = 6;
const SYNC = 0xaa;
// | 0xaa, type and version | frame size | id code | second of century | time quality, fraction | body | checksum |
const SIZE = 2;
const SECOND = 6;
const TIME_QUALITY = 10;
const HEADER_LEN = 14;
const MIN_LEN = 16;
const COMMAND_FRAME = 4;
const HEAD: FieldRun = [[F.sync, 2, true], [F.frtype, 2, true], [F.version, 2], [F.frsize, 2], [F.idcodeStreamSource, 2]];
const QUALITY: FieldRun = [[F.timeqalLsdir, 1, true], [F.timeqalLsocc, 1, true], [F.timeqalLspend, 1, true], [F.timeqalTimequalindic, 1], [F.fracsecRaw, 3]];
const isConfiguration = (kind: number): boolean => (kind & 0x70) === 0x20 || (kind & 0x70) === 0x30;
const TYPES = ['Data Frame', 'Header Frame', 'Configuration Frame 1', 'Configuration Frame 2', 'Command Frame', 'Configuration Frame 3'];

/** IEEE C37.118 synchrophasors: heads, commands and checksums. */
export const synphasor = defineDissector({
  name: 'synphasor',
  title: 'IEEE C37.118 Synchrophasor Protocol',
  spec: ['IEEE C37.118.2-2011 §6'],
  over: { 'tcp.port': [4712], 'udp.port': [4713] },
  fields: synphasorFields,
  stream: true,
  short: 'SYNCHROPHASOR',
  dissect(p, at, end) {
    if (end - at < 4) {
      const wait = p.ipProto === TCP ? p.more(0) : DONE;
      return wait === DONE ? DECLINE : wait;
    }
    const b = p.bytes;
    if (b[at] !== SYNC) return DECLINE;
    const length = u16be(b, at + SIZE);
    if (length < MIN_LEN) return DECLINE;
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, length);
      if (wait !== DONE) return wait;
    }
    const stop = Math.min(end, p.wireEnd, at + length);
    if (stop - at < HEADER_LEN + 2) return cutShort(p, stop);
    putRun(p, at, stop, HEAD);
    p.putTime(F.soc, at + SECOND, 4, u32be(b, at + SECOND), 0);
    putRun(p, at + TIME_QUALITY, stop, QUALITY);
    if (((b[at + 1] >> 4) & 7) === COMMAND_FRAME && stop - at >= HEADER_LEN + 4) p.put(F.command, at + HEADER_LEN, 2);
    // A configuration begins with its time base and the number of measurement units.
    if (isConfiguration(b[at + 1]) && stop - at >= HEADER_LEN + 8) p.put(F.confNumpmu, at + HEADER_LEN + 4, 2);
    p.put(F.checksum, stop - 2, 2);
    p.putInt(F.checksumStatus, stop - 2, 0, crcCcitt(b, at, stop - 2) === u16be(b, stop - 2) ? 1 : 0);
    return DONE;
  },
  info: (row) => TYPES[row.num(F.frtype)] ?? 'invalid frame',
});

/** CRC-CCITT from 0xffff, not complemented (Annex B). */
function crcCcitt(b: Uint8Array, at: number, end: number): number {
  let crc = 0xffff;
  for (let i = at; i < end; i++) {
    crc ^= b[i] << 8;
    for (let k = 0; k < 8; k++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export default synphasor;
