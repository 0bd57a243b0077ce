import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

// Discriminator 1, length of the head 1, version 1, length of identifiers 1, type 1, version 1, reserved 1, most areas 1; then by type.
const HEAD_LEN = 8;
const VERSION = 1;

const TYPES = { 15: 'L1 HELLO', 16: 'L2 HELLO', 17: 'P2P HELLO', 18: 'L1 LSP', 20: 'L2 LSP', 24: 'L1 CSNP', 25: 'L2 CSNP', 26: 'L1 PSNP', 27: 'L2 PSNP' } as const;

export const isisFields = defineFields({
  discriminator: { name: 'isis.irpd', ...fixed('u8', 0, 'Intradomain Routing Protocol Discriminator', { base: 'hex' }) },
  length: { name: 'isis.len', ...fixed('u8', 1, 'Length Indicator') },
  version: { name: 'isis.version', ...fixed('u8', 2, 'Version/Protocol ID Extension') },
  idLength: { name: 'isis.sysid_len', ...fixed('u8', 3, 'ID Length') },
  type: { name: 'isis.type', ...fixed('u8', 4, 'PDU Type', { mask: 0x1f, values: TYPES }) },
  typeReserved: { name: 'isis.type.reserved', ...fixed('u8', 4, 'Reserved', { base: 'hex', mask: 0xe0 }) },
  version2: { name: 'isis.version2', ...fixed('u8', 5, 'Version') },
  reserved: { name: 'isis.reserved', ...fixed('u8', 6, 'Reserved') },
  maxAreas: { name: 'isis.max_area_adr', ...fixed('u8', 7, 'Maximum Area Addresses') },
  version2Wrong: { name: 'isis.version2.notone', ...put('none', 'Version must be 1') },
  reservedSet: { name: 'isis.reserved.notzero', ...put('none', 'Reserved must be 0') },
  typeUnknown: { name: 'isis.type.unknown', ...put('none', 'Unknown IS-IS packet type') },
  versionUnknown: { name: 'isis.version.unknown', ...put('none', 'Unknown IS-IS version') },
});

/** The head that all units of intermediate systems share. */
export const isis = defineDissector({
  name: 'isis',
  title: 'ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol',
  short: 'ISIS',
  spec: ['ISO 10589 §9.5', 'RFC 1195'],
  over: { 'osi.nlpid': [0x83] },
  fields: isisFields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    if (b[at + 2] !== VERSION) {
      p.expert('warn', 'protocol', 'isis.version.unknown', at + 2, 1);
      return DONE;
    }
    if (b[at + 5] !== VERSION) p.expert('warn', 'protocol', 'isis.version2.notone', at + 5, 1);
    if (b[at + 6] !== 0) p.expert('warn', 'protocol', 'isis.reserved.notzero', at + 6, 1);
    p.payload(at + HEAD_LEN, p.wireEnd);
    switch (b[at + 4] & 0x1f) {
      case 15: case 16: case 17: return p.id('isis.hello');
      case 18: case 20: return p.id('isis.lsp');
      case 24: case 25: return p.id('isis.csnp');
      case 26: case 27: return p.id('isis.psnp');
      default:
        p.expert('warn', 'protocol', 'isis.type.unknown', at + 4, 1);
        return p.finish();
    }
  },
  info: (row) => TYPES[row.num(isisFields.type) as keyof typeof TYPES] ?? 'Unknown unit',
});
export default isis;
