import { u32le } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const gnutellaFields = defineFields({
  stream: { name: 'gnutella.stream', ...put('none', 'Gnutella Upload / Download Stream') },
  header: { name: 'gnutella.header', ...put('none', 'Descriptor Header') },
  id: { name: 'gnutella.header.id', ...put('bytes', 'ID') },
  payload: { name: 'gnutella.header.payload', ...put('u8', 'Payload') },
  ttl: { name: 'gnutella.header.ttl', ...put('u8', 'TTL') },
  hops: { name: 'gnutella.header.hops', ...put('u8', 'Hops') },
  size: { name: 'gnutella.header.size', ...put('u32', 'Length', { little: true }) },
});
const F = gnutellaFields;

const HEADER_LEN = 23;
const MAX_PAYLOAD = 65_536;
const PAYLOADS: ReadonlySet<number> = new Set([0x00, 0x01, 0x40, 0x80, 0x81]);

/** Gnutella 0.4: descriptors; text of the handshake and of transfers is a stream. */
export default defineDissector({
  name: 'gnutella',
  title: 'Gnutella Protocol',
  spec: ['The Gnutella Protocol Specification v0.4'],
  over: { 'tcp.port': [6346] },
  fields: gnutellaFields,
  stream: true,
  column: 'Gnutella',
  dissect(p, at, end) {
    const b = p.bytes;
    const size = end - at >= HEADER_LEN ? u32le(b, at + 19) : MAX_PAYLOAD + 1;
    if (size > MAX_PAYLOAD || !PAYLOADS.has(b[at + 16])) {
      p.put(F.stream, at, end - at);
      return DONE;
    }
    const wait = wholePdu(p, at, HEADER_LEN + size);
    if (wait !== DONE) return wait;
    p.open(F.header, at);
    p.put(F.id, at, 16);
    p.put(F.payload, at + 16, 1);
    p.put(F.ttl, at + 17, 1);
    p.put(F.hops, at + 18, 1);
    p.put(F.size, at + 19, 4);
    p.close(at + HEADER_LEN);
    return DONE;
  },
});
