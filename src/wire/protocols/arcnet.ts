import { defineDissector, defineFields, put } from '../define-dissector.ts';

const LINUX = 129;
const IP_1051 = 240;
const ARP_1051 = 241;
const IP_1201 = 212;
const ARP_1201 = 213;
const EXCEPTION = 0xff;

export const arcnetFields = defineFields({
  src: { name: 'arcnet.src', ...put('u8', 'Source', { base: 'hex' }) },
  dst: { name: 'arcnet.dst', ...put('u8', 'Destination', { base: 'hex' }) },
  offset: { name: 'arcnet.offset', ...put('bytes', 'Offset') },
  protocol: { name: 'arcnet.protID', ...put('u8', 'Protocol ID', { base: 'hex' }) },
  split: { name: 'arcnet.split_flag', ...put('i8', 'Split Flag') },
  sequence: { name: 'arcnet.sequence', ...put('u16', 'Sequence') },
});
const F = arcnetFields;

export const arcnet = defineDissector({
  name: 'arcnet',
  title: 'ARCNET',
  spec: ['RFC 1051', 'RFC 1201'],
  over: { link: [7, LINUX] },
  fields: arcnetFields,
  dissect(p, at, end) {
    const b = p.bytes;
    // Linux keeps the two bytes that say where in the adapter's buffer the data began.
    const headLen = p.linkType === LINUX ? 4 : 2;
    if (end - at < headLen + 1) return p.tooShort(headLen + 1);
    p.put(F.src, at, 1);
    p.put(F.dst, at + 1, 1);
    if (headLen > 2) p.put(F.offset, at + 2, 2);
    let from = at + headLen;
    const protocol = b[from];
    p.put(F.protocol, from, 1);
    from++;
    if (protocol !== IP_1051 && protocol !== ARP_1051) {
      if (end - from < 3) return p.tooShort(from - at + 3);
      p.put(F.split, from, 1);
      // An exception packet pads, and repeats flag and sequence number.
      if (b[from] === EXCEPTION) from += 3;
      if (end - from < 3) return p.tooShort(from - at + 3);
      p.put(F.sequence, from + 1, 2);
      from += 3;
    }
    p.payload(from, p.wireEnd);
    if (protocol === IP_1051 || protocol === IP_1201) return p.id('ip');
    return protocol === ARP_1051 || protocol === ARP_1201 ? p.id('arp') : 0;
  },
});
export default arcnet;
