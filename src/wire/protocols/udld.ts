import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 4;
const TLV_HEAD = 4;

export const udldFields = defineFields({
  version: { name: 'udld.version', ...fixed('u8', 0, 'Version', { mask: 0xe0 }) },
  opcode: { name: 'udld.opcode', ...fixed('u8', 0, 'Opcode', { mask: 0x1f, values: { 1: 'Probe', 2: 'Echo', 3: 'Flush' } }) },
  flags: { name: 'udld.flags', ...fixed('u8', 1, 'Flags') },
  timeout: { name: 'udld.flags.rt', ...fixed('u8', 1, 'Recommended timeout', { base: 'hex', mask: 0x01 }) },
  resync: { name: 'udld.flags.rsy', ...fixed('u8', 1, 'ReSynch', { base: 'hex', mask: 0x02 }) },
  checksum: { name: 'udld.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  type: { name: 'udld.tlv.type', ...put('u16', 'Type', { base: 'hex' }) },
  length: { name: 'udld.tlv.len', ...put('u16', 'Length') },
  device: { name: 'udld.device_id', ...put('string', 'Device ID') },
  port: { name: 'udld.sent_through_interface', ...put('string', 'Sent through Interface') },
  data: { name: 'udld.data', ...put('bytes', 'Data') },
  invalid: { name: 'udld.tlv.len.invalid', ...put('none', 'TLV with invalid length (< 4)') },
});
const F = udldFields;

/** Cisco's detection of links of which only one direction works. */
export const udld = defineDissector({
  name: 'udld',
  title: 'Unidirectional Link Detection',
  spec: ['RFC 5171'],
  over: { 'llc.cisco_pid': [0x0111] },
  fields: udldFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    for (let from = at + HEAD_LEN; end - from >= TLV_HEAD; ) {
      const type = u16be(b, from);
      const length = u16be(b, from + 2);
      p.put(F.type, from, 2);
      p.put(F.length, from + 2, 2);
      if (length < TLV_HEAD) {
        p.expert('warn', 'malformed', 'udld.tlv.len.invalid', from + 2, 2);
        return DONE;
      }
      if (from + length > end) return p.tooShort(from + length - at);
      if (type === 1) p.put(F.device, from + 4, length - 4);
      else if (type === 2) p.put(F.port, from + 4, length - 4);
      else if (length > 4) p.put(F.data, from + 4, length - 4);
      from += length;
    }
    return DONE;
  },
  info: (row) => `Device ID: ${row.text(F.device)}  Port ID: ${row.text(F.port)}`,
});
export default udld;
