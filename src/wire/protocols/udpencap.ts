import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const KEEPALIVE = 0xff;
const MARKER_LEN = 4;

export const udpencapFields = defineFields({
  keepalive: { name: 'udpencap.nat_keepalive', ...put('none', 'NAT-keepalive packet') },
  marker: { name: 'udpencap.non_esp_marker', ...put('none', 'Non-ESP Marker') },
});
const F = udpencapFields;

/** IPsec behind a NAT: ESP, or IKE behind four zero bytes. */
export const udpencap = defineDissector({
  name: 'udpencap',
  title: 'UDP Encapsulation of IPsec Packets',
  spec: ['RFC 3948 §2'],
  over: { 'udp.port': [4500] },
  fields: udpencapFields,
  dissect(p, at, end) {
    if (p.wireEnd - at === 1 && end > at && p.bytes[at] === KEEPALIVE) {
      p.put(F.keepalive, at, 1);
      return DONE;
    }
    if (end - at < MARKER_LEN) return p.tooShort(MARKER_LEN);
    if (u32be(p.bytes, at) !== 0) {
      p.payload(at, p.wireEnd);
      return p.id('esp');
    }
    p.put(F.marker, at, MARKER_LEN);
    p.payload(at + MARKER_LEN, p.wireEnd);
    return p.id('isakmp');
  },
});
export default udpencap;
