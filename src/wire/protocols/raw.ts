import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Packets that begin with their IP head: the version tells which. */
export const raw = defineDissector({
  name: 'raw',
  title: 'Raw packet data',
  spec: ['LINKTYPE_RAW'],
  over: { link: [12, 14, 101] },
  fields: {},
  dissect(p, at, end) {
    if (end === at) return DONE;
    p.payload(at, p.wireEnd);
    const version = p.bytes[at] >> 4;
    if (version === 4) return p.id('ip');
    return version === 6 ? p.id('ipv6') : 0;
  },
});
export default raw;
