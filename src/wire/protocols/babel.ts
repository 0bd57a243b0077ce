import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 4;
const MAGIC = 42;
const PAD1 = 0;

export const babelFields = defineFields({ 
  magic: { name: 'babel.magic', ...fixed('u8', 0, 'Magic') },
  version: { name: 'babel.version', ...fixed('u8', 1, 'Version') },
  bodylen: { name: 'babel.bodylen', ...fixed('u16', 2, 'Body Length') },
  messageNonce: { name: 'babel.message.nonce', ...put('u16', 'Nonce', { base: 'hex' }) },
  messageInterval: { name: 'babel.message.interval', ...put('u16', 'Interval') },
  messageSeqno: { name: 'babel.message.seqno', ...put('u16', 'Seqno', { base: 'hex' }) },
  messageAe: { name: 'babel.message.ae', ...put('u8', 'Address Encoding') },
  messageRxcost: { name: 'babel.message.rxcost', ...put('u16', 'Rxcost', { base: 'hex' }) },
  messageRouterid: { name: 'babel.message.routerid', ...put('bytes', 'Router ID') },
  messageFlags: { name: 'babel.message.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  messagePlen: { name: 'babel.message.plen', ...put('u8', 'Prefix Length') },
  messageOmitted: { name: 'babel.message.omitted', ...put('u8', 'Omitted Bytes') },
  messageMetric: { name: 'babel.message.metric', ...put('u16', 'Metric') },
  messageHopcount: { name: 'babel.message.hopcount', ...put('u8', 'Hop Count') },
  messageIndex: { name: 'babel.message.index', ...put('u32', 'Index') },
  message: { name: 'babel.message', ...put('u8', 'Message') },
  messageType: { name: 'babel.message.type', ...put('u8', 'Message Type') },
  messageLength: { name: 'babel.message.length', ...put('u8', 'Message Length') },
  messagePrefix: { name: 'babel.message.prefix', ...put('bytes', 'Raw Prefix') },
  subtlv: { name: 'babel.subtlv', ...put('u8', 'Sub-TLV') },
  subtlvType: { name: 'babel.subtlv.type', ...put('u8', 'Sub-TLV Type') },
  subtlvLength: { name: 'babel.subtlv.length', ...put('u8', 'Sub-TLV Length') },
  subtlvDiversityChannel: { name: 'babel.subtlv.diversity.channel', ...put('u8', 'Channel') },
});
const F = babelFields;

/** Bodies by type (RFC 8966 §4.6), offsets from the type. */
const BODIES: Readonly<Record<number, Layout>> = {
  2: layout({ 4: F.messageNonce, 6: F.messageInterval }),
  3: layout({ 2: F.messageNonce }),
  4: layout({ 4: F.messageSeqno, 6: F.messageInterval }),
  5: layout({ 2: F.messageAe, 4: F.messageRxcost, 6: F.messageInterval }),
  6: layout({ 4: [[F.messageRouterid, 8]] }),
  7: layout({ 2: F.messageAe }),
  8: layout({ 2: F.messageAe, 3: F.messageFlags, 4: F.messagePlen, 5: F.messageOmitted, 6: F.messageInterval, 8: F.messageSeqno, 10: F.messageMetric }),
  9: layout({ 2: F.messageAe, 3: F.messagePlen }),
  10: layout({ 2: F.messageAe, 3: F.messagePlen, 4: F.messageSeqno, 6: F.messageHopcount, 8: [[F.messageRouterid, 8]] }),
  17: layout({ 2: F.messageIndex }),
};
/** Where the address of a body begins. */
const PREFIX_AT: Readonly<Record<number, number>> = { 5: 8, 7: 4, 8: 12, 9: 4, 10: 16 };

export const babel = defineDissector({
  name: 'babel',
  title: 'Babel Routing Protocol',
  short: 'Babel',
  spec: ['RFC 8966 §4', 'RFC 8967'],
  over: { 'udp.port': [6696] },
  fields: babelFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    const b = p.bytes;
    if (b[at] !== MAGIC) return DECLINE;
    // What follows the body is its trailer, of the same form.
    for (let i = at + HEADER_LEN; i < end;) {
      p.putInt(F.message, i, 1, b[i]);
      p.put(F.messageType, i, 1);
      if (b[i] === PAD1) {
        i++;
        continue;
      }
      if (i + 2 > end) return p.tooShort(i + 2 - at);
      const next = i + 2 + b[i + 1];
      p.put(F.messageLength, i + 1, 1);
      const body = BODIES[b[i]];
      if (body !== undefined) putBody(p, body, i, Math.min(next, end));
      if (next > end) return p.tooShort(next - at);
      i = next;
    }
    return DONE;
  },
  info: (row) => `Babel, ${row.all(F.messageType).length} messages`,
});
export default babel;

function putBody(p: PacketView, body: Layout, at: number, end: number): void {
  const b = p.bytes;
  putLayout(p, body, at, end);
  const prefixAt = PREFIX_AT[b[at]];
  if (prefixAt === undefined || at + prefixAt >= end) return;
  const type = b[at];
  const encoding = b[at + 2];
  const bits = type === 8 ? b[at + 4] : type === 9 || type === 10 ? b[at + 3] : -1;
  const omitted = type === 8 ? b[at + 5] : 0;
  const size = encoding === 1 ? 4 : encoding === 2 ? 16 : encoding === 3 ? 8 : 0;
  const length = bits >= 0 ? Math.max(0, ((bits + 7) >> 3) - omitted) : size;
  const value = Math.min(length, end - at - prefixAt);
  if (value > 0) p.put(F.messagePrefix, at + prefixAt, value);
  putSubTlvs(p, at + prefixAt + value, end);
}

function putSubTlvs(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    p.putInt(F.subtlv, i, 1, b[i]);
    p.put(F.subtlvType, i, 1);
    if (b[i] === PAD1 || i + 2 > end) {
      i++;
      continue;
    }
    p.put(F.subtlvLength, i + 1, 1);
    const next = Math.min(end, i + 2 + b[i + 1]);
    if (b[i] === 2) for (let k = i + 2; k < next; k++) p.put(F.subtlvDiversityChannel, k, 1);
    i = next;
  }
}
