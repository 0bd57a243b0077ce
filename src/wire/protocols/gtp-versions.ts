import { defineDissector } from '../define-dissector.ts';

const HEADER_LEN = 8;
const SECOND = 2;
const CONTROL_PORT = 2123;

/** Messages of GTP's second version on the port of all versions: its dissector leads to theirs and shows nothing of its own. */
export const gtpVersions = defineDissector({
  name: 'gtp-versions',
  shownAs: 'gtp',
  hierarchy: 'inside',
  title: 'Versions of GTP',
  spec: ['3GPP TS 29.274 §5.1'],
  over: {},
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => (p.srcPort === CONTROL_PORT || p.dstPort === CONTROL_PORT) && end - at >= HEADER_LEN && p.bytes[at] >> 5 === SECOND,
  column: null,
  fields: {},
  dissect(p, at) {
    p.payload(at, p.wireEnd);
    return p.id('gtpv2');
  },
});
export default gtpVersions;
