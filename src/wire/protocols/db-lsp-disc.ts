import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

/** Dropbox LAN sync discovery: a JSON object a datagram. */
export default defineDissector({
  name: 'db-lsp-disc',
  title: 'Dropbox LAN sync Discovery Protocol',
  spec: ['Observed behaviour'],
  over: { 'udp.port': [17_500] },
  fields: {},
  short: 'DB-LSP-DISC',
  column: 'DB-LSP-DISC/JSON',
  dissect(p, at, end) {
    if (at >= end || p.bytes[at] !== 0x7b) return DECLINE;
    p.callInside(p.id('json'), p.source, at, end);
    return DONE;
  },
});
