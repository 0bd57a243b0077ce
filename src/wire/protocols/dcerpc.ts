import { u16be, u16le } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';
import { dcerpcFields as F } from '../codecs/dcerpc-fields.ts';
import { PDU_NAMES } from '../codecs/dcerpc-pdu.ts';
import { pipeOf } from '../codecs/dcerpc-talk.ts';
import { putPdu } from '../codecs/dcerpc-put.ts';

//  0   1     2     3     4..7  8..9     10..11   12..15
// | 5 | 0,1 | type | flags | drep | length | auth length | call id |
const HEADER_LEN = 16;
const TCP = 6;

/** Connection-oriented DCE/RPC: associations, calls, fragments. */
export const dcerpc = defineDissector({
  name: 'dcerpc',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  spec: ['C706 §12.6', 'MS-RPCE'],
  over: { 'tcp.port': [135] },
  tables: ['dcerpc.uuid'],
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => end - at >= HEADER_LEN && isHead(p.bytes, at),
  stream: true,
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) {
      if (end - at < 3 || b[at] !== 5 || b[at + 1] > 1) return DECLINE;
      return p.ipProto === TCP && p.more(HEADER_LEN - (end - at)) === MORE ? MORE : p.tooShort(HEADER_LEN);
    }
    if (!isHead(b, at)) return DECLINE;
    const little = (b[at + 4] & 0x10) !== 0;
    let next = at + (little ? u16le(b, at + 8) : u16be(b, at + 8));
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    putPdu(p, at, Math.min(next, end));
    let isSingle = true;
    // Further PDUs are parts of the same layer.
    while (next + HEADER_LEN <= end && isHead(b, next)) {
      const nextLength = (b[next + 4] & 0x10) !== 0 ? u16le(b, next + 8) : u16be(b, next + 8);
      if (next + nextLength > p.wireEnd) break;
      if (isSingle) p.expert('chat', 'sequence', 'dcerpc.fragment_multiple', next, 0);
      isSingle = false;
      p.call(p.id('dcerpc.further'), next, next + nextLength);
      next += nextLength;
    }
    if (next >= p.wireEnd || !isStream(p)) return p.finish();
    p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `${PDU_NAMES[row.num(F.pktType) as keyof typeof PDU_NAMES] ?? 'Unknown'}: call ${row.text(F.cnCallId)}`,
});

function isStream(p: PacketView): boolean {
  return pipeOf(p) === '' && p.ipProto === TCP;
}

/** Version 5, a known type, and a data representation that exists. */
function isHead(b: Uint8Array, at: number): boolean {
  return b[at] === 5 && b[at + 1] <= 1 && b[at + 2] <= 20 && (b[at + 4] & 0xee) === 0 && b[at + 5] <= 3
    && ((b[at + 4] & 0x10) !== 0 ? u16le(b, at + 8) : u16be(b, at + 8)) >= HEADER_LEN;
}

export default dcerpc;
