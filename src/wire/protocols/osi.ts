import { defineDissector, defineFields, put } from '../define-dissector.ts';

export const osiFields = defineFields({
  nlpid: { name: 'osi.nlpid', ...put('u8', 'Network Layer Protocol Identifier', { base: 'hex', values: { 0x81: 'ISO 8473 CLNP ConnectionLess Network Protocol', 0x82: 'ISO 9542 ESIS Routeing Information Exchange Protocol', 0x83: 'ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol' } }) },
});

/** The first byte of every OSI network protocol says which it is; that protocol shows the byte as its own. */
export const osi = defineDissector({
  name: 'osi',
  title: 'OSI',
  hierarchy: 'inside',
  column: null,
  spec: ['ISO/IEC TR 9577'],
  over: { 'llc.dsap': [0xfe], 'chdlc.protocol': [0xfefe], 'ppp.protocol': [0x0023], 'gre.proto': [0x00fe] },
  tables: ['osi.nlpid'],
  fields: osiFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    // Cisco HDLC puts a byte before it.
    const isPadded = p.linkType === 104 && end - at > 1;
    const from = isPadded ? at + 1 : at;
    p.payload(from, p.wireEnd);
    const next = p.next('osi.nlpid', p.bytes[from]);
    if (next === 0) p.put(osiFields.nlpid, from, 1);
    return next;
  },
});
export default osi;
