import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const SERVER_LEN = 64;
const NAME_LEN = 48;

export const ipxsapFields = defineFields({
  type: { name: 'ipxsap.packet_type', ...fixed('u16', 0, 'SAP packet type', { values: { 1: 'General Query', 2: 'General Response', 3: 'Nearest Query', 4: 'Nearest Response' } }) },
  request: { name: 'ipxsap.request', ...put('boolean', 'Request') },
  response: { name: 'ipxsap.response', ...put('boolean', 'Response') },
  server: { name: 'ipxsap.server', ...put('none', 'Server') },
  serverType: { name: 'ipxsap.server.type', ...put('u16', 'Server Type', { base: 'hex' }) },
  name: { name: 'ipxsap.server.name', ...put('string', 'Server Name') },
  network: { name: 'ipxsap.server.network', ...put('u32', 'Network', { base: 'hex' }) },
  node: { name: 'ipxsap.server.node', ...put('ether', 'Node') },
  socket: { name: 'ipxsap.server.socket', ...put('u16', 'Socket', { base: 'hex' }) },
  hops: { name: 'ipxsap.server.intermediate_networks', ...put('u16', 'Intermediate Networks') },
});
const F = ipxsapFields;

/** What servers of Novell's networks offer. */
export const ipxsap = defineDissector({
  name: 'ipxsap',
  title: 'Service Advertisement Protocol',
  short: 'IPX SAP',
  hierarchy: 'heading',
  spec: ['Novell IPX Router Specification §4'],
  over: { 'ipx.socket': [0x0452] },
  fields: ipxsapFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    const type = u16be(b, at);
    const isResponse = type === 2 || type === 4;
    p.putInt(isResponse ? F.response : F.request, at, 0, 1);
    if (!isResponse) {
      if (end - at >= 4) p.put(F.serverType, at + 2, 2);
      return DONE;
    }
    for (let from = at + 2; from + SERVER_LEN <= end; from += SERVER_LEN) {
      let name = 0;
      while (name < NAME_LEN && b[from + 2 + name] !== 0) name++;
      p.put(F.server, from, SERVER_LEN);
      p.put(F.serverType, from, 2);
      p.put(F.name, from + 2, name);
      p.put(F.network, from + 50, 4);
      p.put(F.node, from + 54, 6);
      p.put(F.socket, from + 60, 2);
      p.put(F.hops, from + 62, 2);
    }
    return DONE;
  },
  info: (row) => row.all(F.name).join(', ') || 'Query',
});
export default ipxsap;
