import { u16be } from '../../base/bytes.ts';
import { putLdpTlv } from '../codecs/ldp-tlv.ts';
import { ldpFields } from '../codecs/ldp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 10;
const VERSION = 1;
const TCP = 6;

const MESSAGES: Readonly<Record<number, string>> = {
  0x0001: 'Notification Message', 0x0100: 'Hello Message', 0x0200: 'Initialization Message', 0x0201: 'Keep Alive Message', 0x0300: 'Address Message',
  0x0301: 'Address Withdrawal Message', 0x0400: 'Label Mapping Message', 0x0401: 'Label Request Message', 0x0402: 'Label Withdrawal Message',
  0x0403: 'Label Release Message', 0x0404: 'Label Abort Request Message',
};

const F = ldpFields;
const MESSAGE = layout({ 0: F.msgUbit, 2: F.msgLen });

/** Hellos over UDP, sessions over TCP: PDUs with messages of TLVs. */
export const ldp = defineDissector({
  name: 'ldp',
  title: 'Label Distribution Protocol',
  spec: ['RFC 5036 §3'],
  over: { 'udp.port': [646], 'tcp.port': [646] },
  fields: ldpFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) return p.ipProto === TCP ? p.more(4 - (end - at)) : p.tooShort(4);
    if (u16be(b, at) !== VERSION) return DECLINE;
    const length = u16be(b, at + 2);
    const next = at + 4 + length;
    if (p.ipProto === TCP && next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const verdict = putMessages(p, at, Math.min(end, next));
    if (verdict === DONE && p.ipProto === TCP && next < p.wireEnd) p.payload(next, p.wireEnd);
    return verdict;
  },
  info: (row) => row.all(F.msgType).map((type) => MESSAGES[Number(type)] ?? type).join(' '),
});
export default ldp;

function putMessages(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at + HEADER_LEN; i + 4 <= end;) {
    const length = u16be(b, i + 2);
    const next = i + 4 + length;
    putLayout(p, MESSAGE, i, end);
    p.putInt(F.msgType, i, 2, u16be(b, i) & 0x7fff);
    if (i + 8 <= end) p.put(F.msgId, i + 4, 4);
    if (next > end) return p.tooShort(next - at);
    for (let t = i + 8; t + 4 <= next;) {
      const tlvEnd = t + 4 + u16be(b, t + 2);
      if (tlvEnd > next) return DONE;
      putLdpTlv(p, t, tlvEnd);
      t = tlvEnd;
    }
    i = next;
  }
  return DONE;
}
