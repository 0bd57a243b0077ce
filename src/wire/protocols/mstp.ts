import { u16be } from '../../base/bytes.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const DATA_EXPECTING_REPLY = 5;
const DATA = 6;

export const mstpFields = defineFields({
  preamble55: { name: 'mstp.preamble_55', ...fixed('u8', 0, 'Preamble 55', { base: 'hex' }) },
  preambleFf: { name: 'mstp.preamble_FF', ...fixed('u8', 1, 'Preamble FF', { base: 'hex' }) },
  type: { name: 'mstp.frame_type', ...fixed('u8', 2, 'Frame Type', { values: { 0: 'Token', 1: 'Poll For Master', 2: 'Reply To Poll For Master', 5: 'BACnet Data Expecting Reply', 6: 'BACnet Data Not Expecting Reply', 7: 'Reply Postponed' } }) },
  destination: { name: 'mstp.dst', ...fixed('u8', 3, 'Destination Address') },
  source: { name: 'mstp.src', ...fixed('u8', 4, 'Source Address') },
  length: { name: 'mstp.len', ...fixed('u16', 5, 'Length') },
  headerCrc: { name: 'mstp.hdr_crc', ...fixed('u8', 7, 'Header CRC', { base: 'hex' }) },
  status: { name: 'mstp.checksum.status', ...put('u8', 'Checksum status', { base: 'none', values: CHECKSUM_STATUS }) },
  dataCrc: { name: 'mstp.data_crc', ...put('u16', 'Data CRC', { base: 'hex' }) },
});
const F = mstpFields;

/** BACnet on serial lines: a token goes round, and who has it may send. */
export const mstp = defineDissector({
  name: 'mstp',
  title: 'BACnet MS/TP',
  short: 'BACnet',
  spec: ['ANSI/ASHRAE 135 §9'],
  over: { link: [165] },
  fields: mstpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u16be(b, at + 5);
    const type = b[at + 2];
    p.putInt(F.status, at + 7, 0, headerCrc(b, at + 2) === b[at + 7] ? 1 : 0);
    if (length === 0) return DONE;
    const last = at + HEADER_LEN + length;
    if (last + 2 <= end) p.put(F.dataCrc, last, 2);
    p.payload(at + HEADER_LEN, last);
    return type === DATA || type === DATA_EXPECTING_REPLY ? p.id('bacnet') : 0;
  },
  ends: (row) => [`0x${row.num(F.source).toString(16).padStart(2, '0')}`, `0x${row.num(F.destination).toString(16).padStart(2, '0')}`],
  info: (row) => `Type ${row.text(F.type)}`,
});
export default mstp;

/** CRC of the five bytes of the head (annex G.1). */
function headerCrc(b: Uint8Array, at: number): number {
  let crc = 0xff;
  for (let i = at; i < at + 5; i++) {
    let c = crc ^ b[i];
    c = c ^ (c << 1) ^ (c << 2) ^ (c << 3) ^ (c << 4) ^ (c << 5) ^ (c << 6) ^ (c << 7);
    crc = (c & 0xfe) ^ ((c >> 8) & 1);
  }
  return ~crc & 0xff;
}
