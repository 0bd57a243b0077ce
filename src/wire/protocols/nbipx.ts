import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const ROUTES_LEN = 32;
const FIND_NAME_LEN = 50;

export const nbipxFields = defineFields({
  type: { name: 'nbipx.packettype', ...put('u8', 'Packet Type', { base: 'hex', values: { 1: 'Find name', 2: 'Name recognized', 3: 'Check name', 4: 'Name in use', 6: 'Session data', 0x0b: 'Directed datagram' } }) },
});

/** NetBIOS on IPX: a name that is looked for, behind the networks that the packet has crossed. */
export const nbipx = defineDissector({
  name: 'nbipx',
  title: 'NetBIOS over IPX',
  short: 'NBIPX',
  hierarchy: 'heading',
  spec: ['Novell NetBIOS over IPX'],
  over: { 'ipx.socket': [0x0455] },
  fields: nbipxFields,
  dissect(p, at, end) {
    if (end - at < ROUTES_LEN + 2) return DONE;
    p.put(nbipxFields.type, at + ROUTES_LEN + 1, 1);
    if (p.wireEnd - at > FIND_NAME_LEN) p.payload(at + FIND_NAME_LEN, p.wireEnd);
    return DONE;
  },
  info: (row) => `Packet type ${row.text(nbipxFields.type)}`,
});
export default nbipx;
