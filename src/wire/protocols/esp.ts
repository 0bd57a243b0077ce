import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const espFields = defineFields({
  spi: { name: 'esp.spi', ...fixed('u32', 0, 'ESP SPI', { base: 'hex' }) },
  sequence: { name: 'esp.sequence', ...fixed('u32', 4, 'ESP Sequence') },
});

/** What follows the head is encrypted. */
export const esp = defineDissector({
  name: 'esp',
  title: 'Encapsulating Security Payload',
  spec: ['RFC 4303 §2'],
  over: { 'ip.proto': [50] },
  fields: espFields,
  dissect(p, at, end) {
    return end - at < HEADER_LEN ? p.tooShort(HEADER_LEN) : DONE;
  },
  info: (row) => `ESP (SPI=${row.text(espFields.spi)})`,
});
export default esp;
