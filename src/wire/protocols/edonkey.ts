import { u32le } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const edonkeyFields = defineFields({
  protocol: { name: 'edonkey.protocol', ...put('u8', 'Protocol', { base: 'hex' }) },
  length: { name: 'edonkey.message.length', ...put('u32', 'Message Length', { little: true }) },
  type: { name: 'edonkey.message.type', ...put('u8', 'Message Type', { base: 'hex' }) },
});
const F = edonkeyFields;
const TCP = 6;
const HEADER_LEN = 5;
const EDONKEY = 0xe3;
const EMULE = 0xc5;
const EMULE_PACKED = 0xd4;
const KADEMLIA = 0xe4;
const KADEMLIA_PACKED = 0xe5;

/** eDonkey, eMule and Kademlia: the heads of messages. */
export default defineDissector({
  name: 'edonkey',
  title: 'eDonkey Protocol',
  spec: ['The eMule Protocol Specification'],
  over: { 'tcp.port': [4661, 4662, 4663], 'udp.port': [4665, 4672] },
  fields: edonkeyFields,
  stream: true,
  column: 'eDonkey',
  dissect(p, at, end) {
    const b = p.bytes;
    const isTcp = p.ipProto === TCP;
    if (b[at] !== EDONKEY && b[at] !== EMULE && b[at] !== EMULE_PACKED && (isTcp || (b[at] !== KADEMLIA && b[at] !== KADEMLIA_PACKED))) return DECLINE;
    if (isTcp) {
      if (end - at < HEADER_LEN) {
        const wait = p.more(HEADER_LEN - (end - at));
        return wait === DONE ? p.tooShort(HEADER_LEN) : wait;
      }
      const wait = wholePdu(p, at, HEADER_LEN + u32le(b, at + 1));
      if (wait !== DONE) return wait;
      p.put(F.length, at + 1, 4);
    }
    p.put(F.protocol, at, 1);
    const type = isTcp ? at + HEADER_LEN : at + 1;
    if (type < end) p.put(F.type, type, 1);
    return DONE;
  },
});
