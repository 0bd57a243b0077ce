import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const CONTROL = 0x8000;
const LENGTH = 0x4000;
const SEQUENCE = 0x0800;
const OFFSET = 0x0200;

export const l2tpFields = defineFields({
  type: { name: 'l2tp.type', ...fixed('u16', 0, 'Type', { mask: 0x8000, values: { 0: 'Data Message', 1: 'Control Message' } }) },
  version: { name: 'l2tp.version', ...fixed('u16', 0, 'Version', { mask: 0x000f }) },
  length: { name: 'l2tp.length', ...put('u16', 'Length') },
  tunnel: { name: 'l2tp.tunnel', ...put('u16', 'Tunnel ID') },
  session: { name: 'l2tp.session', ...put('u16', 'Session ID') },
  ns: { name: 'l2tp.Ns', ...put('u16', 'Ns') },
  nr: { name: 'l2tp.Nr', ...put('u16', 'Nr') },
});
const F = l2tpFields;

/** L2TP version 2: control messages by their head, PPP inside data messages. */
export const l2tp = defineDissector({
  name: 'l2tp',
  title: 'Layer 2 Tunneling Protocol',
  spec: ['RFC 2661 §3.1'],
  carries: true,
  over: { 'udp.port': [1701] },
  fields: l2tpFields,
  dissect(p, at, end) {
    if (end - at < 6) return p.tooShort(6);
    const b = p.bytes;
    const flags = u16be(b, at);
    if ((flags & 15) !== 2) return DECLINE;
    let from = at + 2;
    if ((flags & LENGTH) !== 0) {
      p.put(F.length, from, 2);
      from += 2;
    }
    if (end - from < 4) return p.tooShort(from - at + 4);
    p.put(F.tunnel, from, 2);
    p.put(F.session, from + 2, 2);
    from += 4;
    if ((flags & SEQUENCE) !== 0) {
      if (end - from < 4) return p.tooShort(from - at + 4);
      p.put(F.ns, from, 2);
      p.put(F.nr, from + 2, 2);
      from += 4;
    }
    if ((flags & OFFSET) !== 0) {
      if (end - from < 2) return p.tooShort(from - at + 2);
      from += 2 + u16be(b, from);
    }
    const length = (flags & LENGTH) !== 0 ? u16be(b, at + 2) : 0;
    if ((flags & CONTROL) !== 0) return at + length > end ? p.tooShort(length) : DONE;
    p.payload(from, (flags & LENGTH) !== 0 ? at + length : p.wireEnd);
    return p.id('ppp');
  },
});
export default l2tp;
