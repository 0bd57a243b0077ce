import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const REQUEST_LEN = 1;

export const rtmpFields = defineFields({
  net: { name: 'rtmp.net', ...put('u16', 'Net') },
  nodeLength: { name: 'nbp.nodeid.length', ...put('u8', 'Node Length') },
  node: { name: 'nbp.nodeid', ...put('u8', 'Node') },
  function: { name: 'rtmp.function', ...put('u8', 'Function') },
  tupleNet: { name: 'rtmp.tuple.net', ...put('u16', 'Net') },
  rangeStart: { name: 'rtmp.tuple.range_start', ...put('u16', 'Range Start') },
  rangeEnd: { name: 'rtmp.tuple.range_end', ...put('u16', 'Range End') },
  distance: { name: 'rtmp.tuple.dist', ...put('u16', 'Distance') },
  version: { name: 'rtmp.version', ...put('u8', 'Version', { base: 'hex' }) },
});
const F = rtmpFields;

/** AppleTalk's routing: a router's own node, then networks with their distance. */
export const rtmp = defineDissector({
  name: 'rtmp',
  title: 'Routing Table Maintenance Protocol',
  spec: ['Inside AppleTalk §5'],
  over: {},
  column: 'RTMP',
  fields: rtmpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (p.wireEnd - at === REQUEST_LEN && end > at) {
      p.put(F.function, at, 1);
      return DONE;
    }
    if (end - at < 4) return p.tooShort(4);
    p.put(F.net, at, 2);
    p.put(F.nodeLength, at + 2, 1);
    p.put(F.node, at + 3, 1);
    let from = at + 4;
    if (end - from >= 3 && b[from] === 0 && b[from + 1] === 0) from += 3;
    for (; end - from >= 3; ) {
      const isRange = (b[from + 2] & 0x80) !== 0;
      if (isRange && end - from < 6) break;
      p.put(isRange ? F.rangeStart : F.tupleNet, from, 2);
      p.putInt(F.distance, from + 2, 1, b[from + 2] & 0x7f);
      if (isRange) {
        p.put(F.rangeEnd, from + 3, 2);
        p.put(F.version, from + 5, 1);
      }
      from += isRange ? 6 : 3;
    }
    return DONE;
  },
  info: (row) => `Net: ${row.text(F.net)} Node: ${row.text(F.node)}`,
});
export default rtmp;
