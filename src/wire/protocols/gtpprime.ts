import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 6;

export const gtpprimeFields = defineFields({
  version: { name: 'gtp.prim.flags.version', ...fixed('u8', 0, 'Version', { mask: 0xe0 }) },
});

/** Charging records on their way from nodes to gateways, by their head. */
export const gtpprime = defineDissector({
  name: 'gtpprime',
  title: 'GPRS Tunneling Protocol Prime',
  short: "GTP'",
  spec: ['3GPP TS 32.295 §6'],
  over: { 'udp.port': [3386], 'tcp.port': [3386] },
  fields: gtpprimeFields,
  dissect(p, at, end) {
    return end - at < HEADER_LEN ? p.tooShort(HEADER_LEN) : DONE;
  },
});
export default gtpprime;
