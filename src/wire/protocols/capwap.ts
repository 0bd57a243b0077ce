import { capwapFields, putCapwapHeader } from '../codecs/capwap-header.ts';
import { defineDissector } from '../define-dissector.ts';
import { DONE, unfit } from '../packet-view.ts';

const DTLS = 1;
const F = capwapFields;

/** Control of access points: encrypted from the join on, in the clear before. */
export const capwap = defineDissector({
  name: 'capwap',
  title: 'Control And Provisioning of Wireless Access Points - Control',
  short: 'CAPWAP-CONTROL',
  column: 'CAPWAP-Control',
  spec: ['RFC 5415 §4.5'],
  over: { 'udp.port': [5246] },
  fields: capwapFields,
  dissect(p, at, end) {
    if (end - at < 4) return p.tooShort(4);
    p.put(F.preambleVersion, at, 1);
    p.put(F.preambleType, at, 1);
    if ((p.bytes[at] & 15) === DTLS) {
      p.put(F.preambleReserved, at + 1, 3);
      p.payload(at + 4, p.wireEnd);
      return p.id('dtls');
    }
    const body = putCapwapHeader(p, at, end);
    if (body < 0 || body + 8 > end) return unfit(p);
    p.put(F.controlHeaderMessageType, body, 4);
    p.put(F.controlHeaderSequenceNumber, body + 4, 1);
    p.put(F.controlHeaderMessageElementLength, body + 5, 2);
    p.put(F.controlHeaderFlags, body + 7, 1);
    return DONE;
  },
});
export default capwap;
