import type { FieldRun } from '../codecs/field-run.ts';
import { putRun } from '../codecs/field-run.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const TYPES = { 0: 'Data', 1: 'Fin', 2: 'State', 3: 'Reset', 4: 'Syn' } as const;

export const btUtpFields = defineFields({
  version: { name: 'bt-utp.ver', ...put('u8', 'Version', { mask: 0xf }) },
  type: { name: 'bt-utp.type', ...put('u8', 'Type', { mask: 0xf0, values: TYPES }) },
  nextExtension: { name: 'bt-utp.next_extension_type', ...put('u8', 'Next Extension Type') },
  extension: { name: 'bt-utp.extension', ...put('none', 'Extension') },
  extensionLength: { name: 'bt-utp.extension_len', ...put('u8', 'Extension Length') },
  bitmask: { name: 'bt-utp.extension_bitmask', ...put('bytes', 'Extension Bitmask') },
  unknown: { name: 'bt-utp.extension_unknown', ...put('bytes', 'Extension Unknown') },
  connection: { name: 'bt-utp.connection_id', ...put('u32', 'Connection ID') },
  timestamp: { name: 'bt-utp.timestamp_us', ...put('u32', 'Timestamp Microseconds') },
  difference: { name: 'bt-utp.timestamp_diff_us', ...put('u32', 'Timestamp Difference Microseconds') },
  window: { name: 'bt-utp.wnd_size', ...put('u32', 'Window Size') },
  sequence: { name: 'bt-utp.seq_nr', ...put('u16', 'Sequence number') },
  acknowledged: { name: 'bt-utp.ack_nr', ...put('u16', 'ACK number') },
  len: { name: 'bt-utp.len', ...put('u32', 'uTP Segment Len') },
  data: { name: 'bt-utp.data', ...put('bytes', 'Data') },
});
const F = btUtpFields;

const HEADER_LEN = 20;
const SELECTIVE_ACK = 1;
const EXTENSION_BITS = 2;
const MAX_EXTENSIONS = 4;
const HEAD: FieldRun = [
  [F.version, 1, true], [F.type, 1], [F.nextExtension, 1], [F.connection, 2], [F.timestamp, 4], [F.difference, 4], [F.window, 4], [F.sequence, 2], [F.acknowledged, 2],
];

/** uTorrent Transport Protocol, version 1 (BEP 29). */
export default defineDissector({
  name: 'bt-utp',
  title: 'uTorrent Transport Protocol',
  spec: ['BEP 29'],
  over: {},
  fields: btUtpFields,
  short: 'BT-uTP',
  column: 'BT-uTP',
  dissect(p, at, end) {
    if (!isPacket(p.bytes, at, end)) return DECLINE;
    const b = p.bytes;
    putRun(p, at, end, HEAD);
    let pos = at + HEADER_LEN;
    for (let next = b[at + 1], n = 0; next !== 0 && pos + 2 <= end && n < MAX_EXTENSIONS; n++) {
      const length = b[pos + 1];
      if (pos + 2 + length > end) break;
      p.open(F.extension, pos);
      p.put(F.nextExtension, pos, 1);
      p.put(F.extensionLength, pos + 1, 1);
      p.put(next === SELECTIVE_ACK || next === EXTENSION_BITS ? F.bitmask : F.unknown, pos + 2, length);
      p.close(pos + 2 + length);
      next = b[pos];
      pos += 2 + length;
    }
    p.putInt(F.len, pos, 0, end - pos);
    if (end > pos) p.put(F.data, pos, end - pos);
    return DONE;
  },
});

/** A known type in version 1, a known extension, a window; a connection begins empty. */
function isPacket(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER_LEN || (b[at] & 15) !== 1 || b[at] >> 4 > 4 || b[at + 1] > 3) return false;
  if (b[at + 1] === 0) return b[at] >> 4 !== 4 || end - at === HEADER_LEN;
  return end - at >= HEADER_LEN + 2 && b[at + 20] <= 3 && at + HEADER_LEN + 2 + b[at + 21] <= end && b[at + 21] > 0;
}
