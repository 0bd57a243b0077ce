import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const rtpeventFields = defineFields({
  event: { name: 'rtpevent.event_id', ...put('u8', 'Event ID') },
  end: { name: 'rtpevent.end_of_event', ...put('boolean', 'End of Event', { mask: 0x80 }) },
  reserved: { name: 'rtpevent.reserved', ...put('boolean', 'Reserved', { mask: 0x40 }) },
  volume: { name: 'rtpevent.volume', ...put('u8', 'Volume', { mask: 0x3f }) },
  duration: { name: 'rtpevent.duration', ...put('u16', 'Event Duration') },
});
const F = rtpeventFields;

/** Keys pressed and other events in RTP. */
export const rtpevent = defineDissector({
  name: 'rtpevent',
  title: 'RFC 2833 RTP Event',
  spec: ['RFC 4733 §2.3'],
  over: {},
  fields: rtpeventFields,
  column: 'RTP EVENT',
  dissect(p, at, end) {
    if (end - at < 4) return p.tooShort(4);
    p.put(F.event, at, 1);
    p.put(F.end, at + 1, 1);
    p.put(F.reserved, at + 1, 1);
    p.put(F.volume, at + 1, 1);
    p.put(F.duration, at + 2, 2);
    return DONE;
  },
});
export default rtpevent;
