import { capwapFields, putCapwapHeader } from '../codecs/capwap-header.ts';
import { defineDissector } from '../define-dissector.ts';
import { unfit } from '../packet-view.ts';

const DTLS = 1;
const F = capwapFields;

/** What access points and their controller pass on: frames of stations behind the same head as control. */
export const capwapData = defineDissector({
  name: 'capwap.data',
  title: 'Control And Provisioning of Wireless Access Points - Data',
  short: 'CAPWAP-DATA',
  column: 'CAPWAP-Data',
  spec: ['RFC 5415 §4.3'],
  over: { 'udp.port': [5247] },
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
    if (body < 0) return unfit(p);
    p.payload(body, p.wireEnd);
    return 0;
  },
});
export default capwapData;
