import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const tspFields = defineFields({
  type: { name: 'tsp.type', ...put('u8', 'Type') },
  version: { name: 'tsp.version', ...put('u8', 'Version') },
  sequence: { name: 'tsp.sequence', ...put('u16', 'Sequence') },
  hops: { name: 'tsp.hopcnt', ...put('u8', 'Hop Count') },
  seconds: { name: 'tsp.sec', ...put('u32', 'Seconds') },
  micros: { name: 'tsp.usec', ...put('u32', 'Microseconds') },
  machine: { name: 'tsp.name', ...put('string', 'Machine Name') },
});
const F = tspFields;
const ADJUST_TIME = 1;
const SET_TIME = 13;
const SET_DATE = 22;
const SET_DATE_REQUEST = 23;
const LOOP = 24;
const HEAD: FieldRun = [[F.type, 1], [F.version, 1], [F.sequence, 2]];
const TIME: FieldRun = [[F.seconds, 4], [F.micros, 4]];
/** The value that hops or a time take is eight bytes. */
const VALUE_LEN = 8;

/** Berkeley's Time Synchronization Protocol, of timed(8). */
export default defineDissector({
  name: 'tsp',
  title: 'Time Synchronization Protocol',
  spec: ['The Berkeley UNIX Time Synchronization Protocol'],
  over: { 'udp.port': [525] },
  fields: tspFields,
  dissect(p, at, end) {
    let pos = putRun(p, at, end, HEAD);
    if (pos < 0) return cutShort(p, end);
    const type = p.bytes[at];
    if (type === LOOP) {
      if (pos >= end) return cutShort(p, end);
      p.put(F.hops, pos, 1);
    } else if ((type === ADJUST_TIME || type === SET_TIME || type === SET_DATE || type === SET_DATE_REQUEST) && putRun(p, pos, end, TIME) < 0) return cutShort(p, end);
    pos += VALUE_LEN;
    let stop = pos;
    while (stop < end && p.bytes[stop] !== 0) stop++;
    if (stop >= end) return cutShort(p, end);
    p.put(F.machine, pos, stop - pos);
    return DONE;
  },
});
