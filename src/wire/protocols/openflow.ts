import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const VERSIONS: readonly string[] = ['', 'openflow_v1', '', '', 'openflow_v4', 'openflow_v5', 'openflow_v6'];
const MAX_TYPE = 35;
const PORT = 6653;
const OLD_PORT = 6633;

export const openflowFields = defineFields({
  version: { name: 'openflow.version', ...fixed('u8', 0, 'Version', { base: 'hex', mask: 0x7f, values: { 1: '1.0', 4: '1.3', 5: '1.4', 6: '1.5' } }) },
});

/** Messages of all versions begin alike: version, type, length, transaction. */
export const openflow = defineDissector({
  name: 'openflow',
  title: 'OpenFlow',
  short: 'OpenFlow',
  hierarchy: 'inside',
  spec: ['OpenFlow Switch Specification 1.0 §5.1'],
  over: { 'tcp.port': [PORT] },
  heuristicOver: ['tcp'],
  heuristic: looksLikeOpenFlow,
  column: null,
  fields: openflowFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.more(HEADER_LEN - (end - at));
    const b = p.bytes;
    const length = u16be(b, at + 2);
    if (length < HEADER_LEN) return DECLINE;
    const next = at + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    const version = p.id(VERSIONS[b[at] & 0x7f] ?? '');
    p.payload(next, p.wireEnd);
    p.call(version === 0 ? p.id('data') : version, at, Math.min(end, next));
    return next < p.wireEnd ? DONE : p.finish();
  },
});
export default openflow;

/** On the old unregistered port, messages that fill the segment exactly. */
function looksLikeOpenFlow(p: PacketView, at: number, end: number): boolean {
  if (p.srcPort !== OLD_PORT && p.dstPort !== OLD_PORT) return false;
  const b = p.bytes;
  return end - at >= HEADER_LEN && (VERSIONS[b[at] & 0x7f] ?? '') !== '' && b[at + 1] <= MAX_TYPE && u16be(b, at + 2) >= HEADER_LEN;
}
