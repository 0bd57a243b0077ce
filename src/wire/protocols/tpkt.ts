import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';

//  0      1          2..3
// | vrsn | reserved | length of the packet, header included |
const HEADER_LEN = 4;
const VERSION = 3;

export const tpktFields = defineFields({
  version: { name: 'tpkt.version', ...put('u8', 'Version') },
  reserved: { name: 'tpkt.reserved', ...put('u8', 'Reserved') },
  length: { name: 'tpkt.length', ...put('u16', 'Length') },
  continuation: { name: 'tpkt.continuation_data', ...put('bytes', 'Continuation data') },
});
const F = tpktFields;

/** Packets of ISO transport over a TCP stream. */
export const tpkt = defineDissector({
  name: 'tpkt',
  title: 'ISO Transport Service on top of TCP',
  spec: ['RFC 1006 §6', 'RFC 2126'],
  over: { 'tcp.port': [102, 3389] },
  stream: true,
  fields: tpktFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (b[at] !== VERSION) {
      // The middle of a packet whose start was not captured, or another protocol on this port.
      p.put(F.continuation, at, end - at);
      return DONE;
    }
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at)) === MORE ? MORE : p.tooShort(HEADER_LEN);
    const length = u16be(b, at + 2);
    const next = at + Math.max(length, HEADER_LEN);
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.put(F.version, at, 1);
    p.put(F.reserved, at + 1, 1);
    p.put(F.length, at + 2, 2);
    if (next > at + HEADER_LEN && p.call(p.id('cotp'), at + HEADER_LEN, next) === DECLINE) p.call(p.id('data'), at + HEADER_LEN, next);
    p.payload(next, p.wireEnd);
    return next < p.wireEnd ? DONE : p.finish();
  },
  info: (row) => (row.has(F.continuation) ? 'Continuation' : `Packet of ${row.text(F.length)} bytes`),
});
export default tpkt;
