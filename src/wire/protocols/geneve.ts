import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 8;
const ETHERNET = 0x6558;

export const geneveFields = defineFields({
  version: { name: 'geneve.version', ...fixed('u8', 0, 'Version', { mask: 0xc0 }) },
  proto: { name: 'geneve.proto_type', ...fixed('u16', 2, 'Protocol Type', { base: 'hex' }) },
  vni: { name: 'geneve.vni', ...fixed('u24', 4, 'Virtual Network Identifier (VNI)', { base: 'hex' }) },
});

export const geneve = defineDissector({
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  spec: ['RFC 8926 §3.4'],
  carries: true,
  over: { 'udp.port': [6081] },
  fields: geneveFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const proto = u16be(b, at + 2);
    p.payload(at + HEADER_LEN + (b[at] & 0x3f) * 4, p.wireEnd);
    if (proto === ETHERNET) return p.id('eth');
    if (proto === 0x0800) return p.id('ip');
    return proto === 0x86dd ? p.id('ipv6') : p.next('ethertype', proto);
  },
});
export default geneve;
