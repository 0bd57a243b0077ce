import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const ENTRY_LEN = 8;

export const ipxripFields = defineFields({
  type: { name: 'ipxrip.packet_type', ...fixed('u16', 0, 'RIP packet type', { values: { 1: 'Request', 2: 'Response' } }) },
  request: { name: 'ipxrip.request', ...put('boolean', 'Request') },
  response: { name: 'ipxrip.response', ...put('boolean', 'Response') },
  route: { name: 'ipxrip.route_vector', ...put('u32', 'Route Vector', { base: 'hex' }) },
  hops: { name: 'ipxrip.hops', ...put('u16', 'Hops') },
  ticks: { name: 'ipxrip.ticks', ...put('u16', 'Ticks') },
});
const F = ipxripFields;

export const ipxrip = defineDissector({
  name: 'ipxrip',
  title: 'IPX Routing Information Protocol',
  short: 'IPX RIP',
  hierarchy: 'heading',
  spec: ['Novell IPX Router Specification §3'],
  over: { 'ipx.socket': [0x0453] },
  fields: ipxripFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    p.putInt(u16be(p.bytes, at) === 2 ? F.response : F.request, at, 0, 1);
    for (let from = at + 2; from + ENTRY_LEN <= end; from += ENTRY_LEN) {
      p.put(F.route, from, 4);
      p.put(F.hops, from + 4, 2);
      p.put(F.ticks, from + 6, 2);
    }
    return DONE;
  },
  info: (row) => (row.has(F.response) ? 'Response' : 'Request'),
});
export default ipxrip;
