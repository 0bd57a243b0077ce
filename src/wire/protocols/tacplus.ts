import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 12;
const MAX_LEN = 0x10000;
const TYPES = { 1: 'Authentication', 2: 'Authorization', 3: 'Accounting' } as const;

export const tacplusFields = defineFields({ 
  majvers: { name: 'tacplus.majvers', ...fixed('u8', 0, 'Major version') },
  minvers: { name: 'tacplus.minvers', ...fixed('u8', 0, 'Minor version', { mask: 0x0f }) },
  type: { name: 'tacplus.type', ...fixed('u8', 1, 'Type', { values: TYPES }) },
  seqno: { name: 'tacplus.seqno', ...fixed('u8', 2, 'Sequence number') },
  flags: { name: 'tacplus.flags', ...fixed('u8', 3, 'Flags', { base: 'hex' }) },
  sessionId: { name: 'tacplus.session_id', ...fixed('u32', 4, 'Session ID') },
  packetLen: { name: 'tacplus.packet_len', ...fixed('u32', 8, 'Packet length') },
  flagsUnencrypted: { name: 'tacplus.flags.unencrypted', ...put('boolean', 'Unencrypted', { mask: 0x1 }) },
  flagsSingleconn: { name: 'tacplus.flags.singleconn', ...put('boolean', 'Single Connection', { mask: 0x4 }) },
  request: { name: 'tacplus.request', ...put('boolean', 'Request') },
  response: { name: 'tacplus.response', ...put('boolean', 'Response') },
});
const F = tacplusFields;
const FLAGS = layout({ 3: [F.flagsUnencrypted, F.flagsSingleconn] });

/** Bodies are hidden by a shared key; the head is not. */
export const tacplus = defineDissector({
  name: 'tacplus',
  title: 'TACACS+',
  short: 'TACACS+',
  spec: ['RFC 8907 §4.1'],
  over: { 'tcp.port': [49] },
  fields: tacplusFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const verdict = p.more(HEADER_LEN - (end - at));
      return verdict === DONE ? p.tooShort(HEADER_LEN) : verdict;
    }
    const b = p.bytes;
    const length = u32be(b, at + 8);
    if (b[at] >> 4 !== 12 || b[at + 1] < 1 || b[at + 1] > 3 || length > MAX_LEN) return DECLINE;
    const next = at + HEADER_LEN + length;
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    // The client's messages have odd numbers.
    p.putInt((b[at + 2] & 1) !== 0 ? F.request : F.response, at, 0, 1);
    putLayout(p, FLAGS, at, end);
    if (next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `${row.has(F.request) ? 'Q' : 'R'}: ${(TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown'}`,
});
export default tacplus;
