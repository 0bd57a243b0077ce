import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const FUNCTIONS = { 0: 'NetShareEnum', 1: 'NetShareGetInfo', 13: 'NetServerGetInfo', 63: 'NetWkstaGetInfo', 104: 'NetServerEnum2', 132: 'NetWkstaUserLogon' } as const;

const F = defineFields({
  code: { name: 'lanman.function_code', ...put('u16', 'Function Code', { little: true, values: FUNCTIONS }) },
  parameters: { name: 'lanman.param_desc', ...put('string', 'Parameter Descriptor') },
  returns: { name: 'lanman.ret_desc', ...put('string', 'Return Descriptor') },
  level: { name: 'lanman.level', ...put('u16', 'Detail Level', { little: true }) },
  room: { name: 'lanman.recv_buf_len', ...put('u16', 'Receive Buffer Length', { little: true }) },
  status: { name: 'lanman.status', ...put('u16', 'Status', { little: true }) },
  convert: { name: 'lanman.convert', ...put('u16', 'Convert', { little: true }) },
  entries: { name: 'lanman.entry_count', ...put('u16', 'Entry Count', { little: true }) },
  available: { name: 'lanman.available_count', ...put('u16', 'Available Entries', { little: true }) },
});

/** Remote administration over the pipe LANMAN: what older Windows asks its servers. */
export const lanman = defineDissector({
  name: 'lanman',
  title: 'Microsoft Windows Lanman Remote API Protocol',
  spec: ['MS-RAP §2.5'],
  over: {},
  short: 'LANMAN',
  column: 'LANMAN',
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    // A request names its parameters' types in letters; a response begins with numbers.
    const isRequest = end - at >= 4 && b[at + 2] >= 0x41 && b[at + 2] <= 0x7a;
    if (isRequest) {
      p.put(F.code, at, 2);
      let q = putText(p, F.parameters, at + 2, end);
      q = putText(p, F.returns, q, end);
      if (q + 2 <= end) p.put(F.level, q, 2);
      if (q + 4 <= end) p.put(F.room, q + 2, 2);
      return DONE;
    }
    if (end - at >= 4) {
      p.put(F.status, at, 2);
      p.put(F.convert, at + 2, 2);
    }
    if (end - at >= 8) {
      p.put(F.entries, at + 4, 2);
      p.put(F.available, at + 6, 2);
    }
    return DONE;
  },
});

/** Text up to its NUL; returns where the next begins. */
function putText(p: PacketView, f: (typeof F)['parameters'], at: number, end: number): number {
  let q = at;
  while (q < end && p.bytes[q] !== 0) q++;
  p.put(f, at, q - at);
  return Math.min(end, q + 1);
}
export default lanman;
