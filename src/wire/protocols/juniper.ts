import { defineDissector } from '../define-dissector.ts';

/**
 * The head that Juniper routers write before frames in their captures. Wireshark's hierarchy shows it as plain text: `text` reads it.
 */
export const juniper = defineDissector({
  name: 'juniper',
  title: 'Juniper',
  short: 'Juniper',
  column: 'Juniper',
  hierarchy: 'inside',
  spec: ['LINKTYPE_JUNIPER_ETHER', 'LINKTYPE_JUNIPER_PPP', 'LINKTYPE_JUNIPER_ATM1'],
  over: { link: [130, 131, 133, 135, 137, 167, 178, 179, 180, 181, 183] },
  fields: {},
  dissect(p, at) {
    p.payload(at, p.wireEnd);
    return p.id('text');
  },
});
export default juniper;
