import { u32be, u32le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE, MALFORMED } from '../packet-view.ts';

// Identifier with three flags 4, length 1, flags 1, reserved 2, data.
const HEADER_LEN = 8;
const EXTENDED = 0x80000000;
const ERROR = 0x20000000;
/** Error frames always have eight bytes. */
const ERROR_LEN = 8;
const COOKED = 113;

export const canFields = defineFields({
  id: { name: 'can.id', ...put('u32', 'CAN Message Identifier', { base: 'dec' }) },
  extended: { name: 'can.flags.xtd', ...put('boolean', 'Extended Flag') },
  remote: { name: 'can.flags.rtr', ...put('boolean', 'Remote Transmission Request Flag') },
  error: { name: 'can.flags.err', ...put('boolean', 'Error Message Flag') },
  length: { name: 'can.len', ...put('u8', 'Frame-Length') },
  reserved: { name: 'can.reserved', ...put('bytes', 'Reserved') },
  mismatch: { name: 'can.err.dlc_mismatch', ...put('none', 'ERROR: DLC mismatch') },
  padding: { name: 'can.padding', ...put('bytes', 'Padding') },
});
const F = canFields;

/** Frames of a vehicle's bus, as SocketCAN writes them. */
export const can = defineDissector({
  name: 'can',
  title: 'Controller Area Network',
  spec: ['LINKTYPE_CAN_SOCKETCAN', 'ISO 11898-1'],
  over: { link: [227], 'sll.ltype': [0x000c, 0x000d] },
  fields: canFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    // Cooked captures keep the identifier in the order of the host.
    const isCooked = p.linkType === COOKED;
    const word = isCooked ? u32le(b, at) : u32be(b, at);
    const length = b[at + 4];
    if ((word & ERROR) === 0) {
      p.putInt(F.id, at, 4, (word & EXTENDED) !== 0 ? word & 0x1fffffff : word & 0x7ff);
      p.putInt(F.extended, at, 4, word >>> 31);
      p.putInt(F.remote, at, 4, (word >>> 30) & 1);
    }
    p.putInt(F.error, at, 4, (word >>> 29) & 1);
    p.put(F.length, at + 4, 1);
    p.put(F.reserved, at + 5, 3);
    const last = at + HEADER_LEN + length;
    if (last < end) p.put(F.padding, last, end - last);
    if ((word & ERROR) !== 0) {
      if (length === ERROR_LEN) return DONE;
      p.expert('error', 'malformed', 'can.err.dlc_mismatch', at, 4);
      return MALFORMED;
    }
    if (length === 0) return DONE;
    p.payload(at + HEADER_LEN, last);
    return DONE;
  },
  info: (row) => `ID: ${row.text(F.id)}`,
});
export default can;
