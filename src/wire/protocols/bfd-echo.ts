import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const bfdEchoFields = defineFields({
  packet: { name: 'bfd_echo.packet', ...put('bytes', 'Originator specific content') },
});

/** What a BFD echo holds is a matter of its sender alone (RFC 5880 §6.4). */
export const bfdEcho = defineDissector({
  name: 'bfd_echo',
  title: 'Bidirectional Forwarding Detection Echo Packet',
  short: 'BFD Echo',
  spec: ['RFC 5880 §6.4', 'RFC 5881 §4'],
  over: { 'udp.port': [3785] },
  fields: bfdEchoFields,
  dissect(p, at, end) {
    p.put(bfdEchoFields.packet, at, end - at);
    return DONE;
  },
});
export default bfdEcho;
