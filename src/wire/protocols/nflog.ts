import { u16be, u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const TLV_LEN = 4;
const PAYLOAD = 9;
const PREFIX = 10;
const AF_INET = 2;
const AF_INET6 = 10;

export const nflogFields = defineFields({
  family: { name: 'nflog.family', ...fixed('u8', 0, 'Family') },
  version: { name: 'nflog.version', ...fixed('u8', 1, 'Version') },
  resourceId: { name: 'nflog.res_id', ...fixed('u16', 2, 'Resource id') },
  prefix: { name: 'nflog.prefix', ...put('string', 'Prefix') },
});

/** Packets that the kernel's firewall logged: type-length-value parts in the byte order of the host. */
export const nflog = defineDissector({
  name: 'nflog',
  title: 'Linux Netfilter NFLOG',
  spec: ['LINKTYPE_NFLOG'],
  over: { link: [239] },
  fields: nflogFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    let from = at + HEADER_LEN;
    let payload = -1;
    let payloadEnd = -1;
    while (end - from >= TLV_LEN) {
      // No part is 256 times as long as another byte order would make it: the smaller reading is the right one.
      const little = u16le(b, from) <= u16be(b, from);
      const length = little ? u16le(b, from) : u16be(b, from);
      const type = (little ? u16le(b, from + 2) : u16be(b, from + 2)) & 0x7fff;
      if (length < TLV_LEN) break;
      if (type === PREFIX && length > TLV_LEN + 1 && from + length <= end) p.put(nflogFields.prefix, from + TLV_LEN, length - TLV_LEN - 1);
      if (type === PAYLOAD) {
        payload = from + TLV_LEN;
        payloadEnd = from + length;
      }
      from += (length + 3) & ~3;
    }
    if (payload < 0) return DONE;
    p.payload(payload, payloadEnd);
    if (b[at] === AF_INET) return p.id('ip');
    return b[at] === AF_INET6 ? p.id('ipv6') : 0;
  },
});
export default nflog;
