import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const nbpFields = defineFields({
  info: { name: 'nbp.info', ...fixed('u8', 0, 'Info', { base: 'hex' }) },
  operation: { name: 'nbp.op', ...fixed('u8', 0, 'Operation', { mask: 0xf0, values: { 1: 'broadcast request', 2: 'lookup', 3: 'lookup reply', 4: 'forward request' } }) },
  count: { name: 'nbp.count', ...fixed('u8', 0, 'Count', { mask: 0x0f }) },
  transaction: { name: 'nbp.tid', ...fixed('u8', 1, 'Transaction ID') },
  net: { name: 'nbp.net', ...put('u16', 'Network') },
  node: { name: 'nbp.node', ...put('u8', 'Node') },
  port: { name: 'nbp.port', ...put('u8', 'Port') },
  enumerator: { name: 'nbp.enum', ...put('u8', 'Enumerator') },
  object: { name: 'nbp.object', ...put('string', 'Object') },
  type: { name: 'nbp.type', ...put('string', 'Type') },
  zone: { name: 'nbp.zone', ...put('string', 'Zone') },
});
const F = nbpFields;

/** AppleTalk's names: tuples of an address and three texts. */
export const nbp = defineDissector({
  name: 'nbp',
  title: 'Name Binding Protocol',
  spec: ['Inside AppleTalk §7'],
  over: {},
  column: 'NBP',
  fields: nbpFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    let from = at + 2;
    for (let n = p.bytes[at] & 15; n > 0; n--) {
      if (end - from < 6) return p.tooShort(from - at + 6);
      p.put(F.net, from, 2);
      p.put(F.node, from + 2, 1);
      p.put(F.port, from + 3, 1);
      p.put(F.enumerator, from + 4, 1);
      from += 5;
      from = text(p, F.object, from, end);
      if (from > 0) from = text(p, F.type, from, end);
      if (from > 0) from = text(p, F.zone, from, end);
      if (from < 0) return p.tooShort(end - at + 1);
    }
    return DONE;
  },
  info: (row) => `Op: ${row.text(F.operation)}, ${row.text(F.object)}:${row.text(F.type)}@${row.text(F.zone)}`,
});
export default nbp;

function text(p: PacketView, field: Field, at: number, end: number): number {
  if (at >= end || at + 1 + p.bytes[at] > end) return -1;
  p.put(field, at + 1, p.bytes[at]);
  return at + 1 + p.bytes[at];
}
