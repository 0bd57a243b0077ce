import { u32be } from '../../base/bytes.ts';
import { isakmpFields } from '../codecs/isakmp-fields.ts';
import { putPayloads } from '../codecs/isakmp-payloads.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 28;
const KEEPALIVE = 0xff;
const ENCRYPTED_V1 = 0x01;

const F = isakmpFields;
const HEAD = layout({ 16: F.nextpayload, 17: [F.version, F.mjver, F.mnver], 18: F.exchangetype, 19: F.flags, 20: F.messageid, 24: F.length });
const FLAGS_V1 = layout({ 19: [F.flagE, F.flagC, F.flagA] });
const FLAGS_V2 = layout({ 19: [F.flagI, F.flagV, F.flagR] });

/** IKE, versions 1 and 2. */
export const isakmp = defineDissector({
  name: 'isakmp',
  title: 'Internet Security Association and Key Management Protocol',
  spec: ['RFC 2408 §3', 'RFC 2409', 'RFC 7296 §3'],
  over: { 'udp.port': [500], 'tcp.port': [500] },
  fields: isakmpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (p.wireEnd - at === 1 && end > at && b[at] === KEEPALIVE) {
      p.put(F.ikeNatKeepalive, at, 1);
      return DONE;
    }
    putLayout(p, HEAD, at, end);
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const version = b[at + 17] >> 4;
    putLayout(p, version === 1 ? FLAGS_V1 : FLAGS_V2, at, end);
    const length = u32be(b, at + 24);
    const messageEnd = Math.min(end, at + Math.max(length, HEADER_LEN));
    if (version === 1 && (b[at + 19] & ENCRYPTED_V1) !== 0) {
      if (messageEnd > at + HEADER_LEN) p.put(F.encData, at + HEADER_LEN, messageEnd - at - HEADER_LEN);
      return DONE;
    }
    if (putPayloads(p, version === 1 ? 1 : 2, b[at + 16], at + HEADER_LEN, messageEnd)) return DONE;
    return end < p.wireEnd ? p.tooShort(p.wireEnd - at) : DONE;
  },
  info: (row) => row.text(F.exchangetype),
});
export default isakmp;
