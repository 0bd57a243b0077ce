import { iec104Fields } from '../codecs/iec104-fields.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = iec104Fields;
const START = 0x68;
// | 0x68 | length | four octets of control |, then the ASDU where it is an I format
const HEADER_LEN = 6;
const MIN_LENGTH = 4;
const S_FORMAT = 1;
const U_FORMAT = 3;

/** IEC 60870-5-104: the transport of telecontrol messages. */
export const iec104 = defineDissector({
  name: 'iec60870_104',
  title: 'IEC 60870-5-104',
  spec: ['IEC 60870-5-104 §5'],
  over: { 'tcp.port': [2404] },
  fields: iec104Fields,
  stream: true,
  short: 'IEC 60870-5-104',
  dissect(p, at, end) {
    if (end - at < 2) {
      const wait = p.more(0);
      return wait === DONE ? DECLINE : wait;
    }
    const b = p.bytes;
    const length = b[at + 1];
    if (b[at] !== START || length < MIN_LENGTH) return DECLINE;
    const wait = wholePdu(p, at, 2 + length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    p.put(F.start, at, 1);
    p.put(F.apdulen, at + 1, 1);
    if (at + HEADER_LEN > stop) return p.tooShort(HEADER_LEN);
    const control = at + 2;
    const format = (b[control] & 1) === 0 ? 0 : b[control] & 3;
    p.putInt(F.type, control, 1, format);
    if (format === U_FORMAT) p.putInt(F.utype, control, 1, b[control] >> 2);
    else {
      if (format !== S_FORMAT) p.putInt(F.tx, control, 2, (b[control] | (b[control + 1] << 8)) >> 1);
      p.putInt(F.rx, control + 2, 2, (b[control + 2] | (b[control + 3] << 8)) >> 1);
    }
    if (format === 0 && at + HEADER_LEN < stop) p.call(p.id('iec60870_asdu'), at + HEADER_LEN, p.wireEnd);
    return DONE;
  },
  info: (row) => row.all(F.type).map((t) => (t === '0x00000000' ? 'I' : t === '0x00000001' ? 'S' : 'U')).join(', '),
});
export default iec104;
