import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const REQUEST = 0;
const REPLY = 1;
const KEEPALIVE = 2;

export const slarpFields = defineFields({
  type: { name: 'slarp.ptype', ...fixed('u32', 0, 'Packet type', { values: { 0: 'Request', 1: 'Reply', 2: 'Line keepalive' } }) },
  address: { name: 'slarp.address', ...put('ipv4', 'Address') },
  mask: { name: 'slarp.netmask', ...put('ipv4', 'Netmask') },
  mine: { name: 'slarp.mysequence', ...put('u32', 'Outgoing sequence number') },
  yours: { name: 'slarp.yoursequence', ...put('u32', 'Returned sequence number') },
  reliability: { name: 'slarp.reliability', ...put('u16', 'Reliability', { base: 'hex' }) },
});
const F = slarpFields;

/** Keepalives and addresses on serial lines of Cisco's. */
export const slarp = defineDissector({
  name: 'slarp',
  title: 'Cisco SLARP',
  spec: ['RFC 1547 §4.3.1'],
  over: { 'chdlc.protocol': [0x8035] },
  fields: slarpFields,
  dissect(p, at, end) {
    if (end - at < 14) return p.tooShort(14);
    const type = u32be(p.bytes, at);
    if (type === REQUEST || type === REPLY) {
      p.put(F.address, at + 4, 4);
      p.put(F.mask, at + 8, 4);
    } else if (type === KEEPALIVE) {
      p.put(F.mine, at + 4, 4);
      p.put(F.yours, at + 8, 4);
      p.put(F.reliability, at + 12, 2);
    }
    return DONE;
  },
  info: (row) => `Outgoing sequence ${row.text(F.mine)}, returned sequence ${row.text(F.yours)}`,
});
export default slarp;
