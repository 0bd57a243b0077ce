import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEAD_LEN = 2;
const ALL = 0;

export const gvrpFields = defineFields({
  protocol: { name: 'gvrp.protocol_id', ...fixed('u16', 0, 'Protocol Identifier', { base: 'hex' }) },
  type: { name: 'gvrp.attribute_type', ...put('u8', 'Type', { base: 'hex', values: { 1: 'VID' } }) },
  length: { name: 'gvrp.attribute_length', ...put('u8', 'Length') },
  event: { name: 'gvrp.attribute_event', ...put('u8', 'Event', { values: { 0: 'Leave All', 1: 'Join Empty', 2: 'Join In', 3: 'Leave Empty', 4: 'Leave In', 5: 'Empty' } }) },
  mark: { name: 'gvrp.end_of_mark', ...put('none', 'End of Mark') },
  value: { name: 'gvrp.attribute_value', ...put('u16', 'Value') },
});
const F = gvrpFields;

/** Registration of VLANs: messages of one attribute type each, attributes with an event; zeros end both lists. */
export const gvrp = defineDissector({
  name: 'gvrp',
  title: 'GARP VLAN Registration Protocol',
  spec: ['IEEE 802.1D-2004 §12.10', 'IEEE 802.1Q §11.2'],
  over: {},
  column: 'GVRP',
  fields: gvrpFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN + 1) return p.tooShort(HEAD_LEN + 1);
    const b = p.bytes;
    let from = at + HEAD_LEN;
    while (from < end && b[from] !== 0) {
      p.put(F.type, from++, 1);
      while (from < end) {
        const length = b[from];
        if (length === 0) {
          p.put(F.mark, from, 1);
          break;
        }
        p.put(F.length, from, 1);
        if (from + 1 >= end) return p.tooShort(from + 2 - at);
        p.put(F.event, from + 1, 1);
        if (b[from + 1] !== ALL) {
          if (length < 4 || from + 4 > end) return p.tooShort(from + 4 - at);
          p.put(F.value, from + 2, 2);
        }
        from += Math.max(length, 2);
      }
      from++;
    }
    if (from < end) p.put(F.mark, from, 1);
    return DONE;
  },
  info: () => 'VLAN registration',
});
export default gvrp;
