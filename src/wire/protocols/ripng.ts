import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const ENTRY_LEN = 20;

export const ripngFields = defineFields({ 
  cmd: { name: 'ripng.cmd', ...fixed('u8', 0, 'Command') },
  version: { name: 'ripng.version', ...fixed('u8', 1, 'Version') },
  rteIpv6Prefix: { name: 'ripng.rte.ipv6_prefix', ...put('ipv6', 'IPv6 Prefix') },
  rteRouteTag: { name: 'ripng.rte.route_tag', ...put('u16', 'Route Tag', { base: 'hex' }) },
  rtePrefixLength: { name: 'ripng.rte.prefix_length', ...put('u8', 'Prefix Length') },
  rteMetric: { name: 'ripng.rte.metric', ...put('u8', 'Metric') },
  reserved: { name: 'ripng.reserved', ...put('bytes', 'Reserved') },
  rte: { name: 'ripng.rte', ...put('none', 'Route Table Entry') },
});
const F = ripngFields;

const ENTRY = layout({ 0: F.rteIpv6Prefix, 16: F.rteRouteTag, 18: F.rtePrefixLength, 19: F.rteMetric });

export const ripng = defineDissector({
  name: 'ripng',
  title: 'RIPng',
  short: 'RIPng',
  spec: ['RFC 2080 §2.1'],
  over: { 'udp.port': [521] },
  fields: ripngFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.put(F.reserved, at + 2, 2);
    for (let i = at + HEADER_LEN; i < end; i += ENTRY_LEN) {
      p.open(F.rte, i);
      const whole = putLayout(p, ENTRY, i, end);
      p.close(Math.min(i + ENTRY_LEN, end));
      if (!whole) return p.tooShort(i + ENTRY_LEN - at);
    }
    return DONE;
  },
  info: (row) => `Command ${row.text(F.cmd)}, Version ${row.text(F.version)}`,
});
export default ripng;
