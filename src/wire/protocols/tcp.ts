import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 20;

export const tcpFields = defineFields({
  srcPort: { name: 'tcp.srcport', ...fixed('u16', 0, 'Source Port', { also: ['tcp.port'] }) },
  dstPort: { name: 'tcp.dstport', ...fixed('u16', 2, 'Destination Port', { also: ['tcp.port'] }) },
  stream: { name: 'tcp.stream', ...put('u32', 'Stream index') },
  len: { name: 'tcp.len', ...put('u32', 'TCP Segment Len') },
  seqRaw: { name: 'tcp.seq_raw', ...fixed('u32', 4, 'Sequence Number (raw)') },
  ackRaw: { name: 'tcp.ack_raw', ...fixed('u32', 8, 'Acknowledgment number (raw)') },
  headerLen: { name: 'tcp.hdr_len', ...put('u8', 'Header Length') },
  flags: { name: 'tcp.flags', ...fixed('u16', 12, 'Flags', { base: 'hex', mask: 0x0fff }) },
  syn: { name: 'tcp.flags.syn', ...fixed('boolean', 12, 'Syn', { size: 2, mask: 0x0002 }) },
  payload: { name: 'tcp.payload', ...put('bytes', 'TCP payload') },
});
const F = tcpFields;

export const tcp = defineDissector({
  name: 'tcp',
  title: 'Transmission Control Protocol',
  spec: ['RFC 9293'],
  over: { 'ip.proto': [6] },
  tables: ['tcp.port'],
  fields: tcpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const srcPort = u16be(b, at);
    const dstPort = u16be(b, at + 2);
    const headerLen = (b[at + 12] >> 4) * 4;
    p.putInt(F.headerLen, at + 12, 1, headerLen);
    p.srcPort = srcPort;
    p.dstPort = dstPort;
    p.l4At = at;
    if (headerLen < HEADER_LEN) return MALFORMED;
    p.payloadAt = at + headerLen;
    p.payloadWireEnd = Math.max(p.wireEnd, p.payloadAt);
    p.payloadEnd = Math.max(Math.min(end, p.payloadWireEnd), p.payloadAt);
    const len = p.payloadWireEnd - p.payloadAt;
    p.putInt(F.len, at, 0, len);
    if (p.track && p.converse(6) >= 0) p.putInt(F.stream, at, 0, p.trackers.conversations.stream[p.flow]);
    if (end - at < headerLen) return p.tooShort(headerLen);
    if (p.payloadEnd > p.payloadAt) p.put(F.payload, p.payloadAt, p.payloadEnd - p.payloadAt);
    if (len === 0) return 0;
    p.payload(p.payloadAt, p.payloadWireEnd);
    return p.next('tcp.port', srcPort, dstPort);
  },
});
export default tcp;
