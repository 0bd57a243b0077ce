import { u16be, u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { lineEnd, wordEnd } from '../codecs/text-line.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const memcacheFields = defineFields({
  magic: { name: 'memcache.magic', ...put('u8', 'Magic') },
  opcode: { name: 'memcache.opcode', ...put('u8', 'Opcode') },
  extrasLength: { name: 'memcache.extras.length', ...put('u8', 'Extras length') },
  keyLength: { name: 'memcache.key.length', ...put('u16', 'Key Length') },
  dataType: { name: 'memcache.data_type', ...put('u8', 'Data type') },
  reserved: { name: 'memcache.reserved', ...put('u16', 'Reserved') },
  status: { name: 'memcache.status', ...put('u16', 'Status') },
  bodyLength: { name: 'memcache.total_body_length', ...put('u32', 'Total body length') },
  opaque: { name: 'memcache.opaque', ...put('u32', 'Opaque') },
  cas: { name: 'memcache.cas', ...put('u64', 'CAS') },
  key: { name: 'memcache.key', ...put('string', 'Key') },
  value: { name: 'memcache.value', ...put('string', 'Value') },
  command: { name: 'memcache.command', ...put('string', 'Command') },
  response: { name: 'memcache.response', ...put('string', 'Response') },
});
const F = memcacheFields;

const TCP = 6;
const PORT = 11_211;
const REQUEST = 0x80;
const RESPONSE = 0x81;
const HEADER_LEN = 24;
const REQUEST_HEAD: FieldRun = [[F.magic, 1], [F.opcode, 1], [F.keyLength, 2], [F.extrasLength, 1], [F.dataType, 1], [F.reserved, 2], [F.bodyLength, 4], [F.opaque, 4], [F.cas, 8]];
const RESPONSE_HEAD: FieldRun = [[F.magic, 1], [F.opcode, 1], [F.keyLength, 2], [F.extrasLength, 1], [F.dataType, 1], [F.status, 2], [F.bodyLength, 4], [F.opaque, 4], [F.cas, 8]];

/** Memcached: the binary protocol, and the first line of the one in text. */
export const memcache = defineDissector({
  name: 'memcache',
  title: 'Memcache Protocol',
  spec: ['memcached doc/protocol.txt', 'memcached BinaryProtocolRevamped'],
  over: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  fields: memcacheFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (b[at] !== REQUEST && b[at] !== RESPONSE) {
      const line = lineEnd(b, at, end);
      if (line === end && p.ipProto === TCP) {
        const wait = p.more(0);
        if (wait !== DONE) return wait;
      }
      p.put(p.dstPort === PORT ? F.command : F.response, at, wordEnd(b, at, line) - at);
      return DONE;
    }
    if (end - at < HEADER_LEN) {
      const wait = p.ipProto === TCP ? p.more(HEADER_LEN - (end - at)) : DONE;
      return wait === DONE ? p.tooShort(HEADER_LEN) : wait;
    }
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, HEADER_LEN + u32be(b, at + 8));
      if (wait !== DONE) return wait;
    }
    const stop = Math.min(end, p.wireEnd);
    putRun(p, at, stop, b[at] === REQUEST ? REQUEST_HEAD : RESPONSE_HEAD);
    const key = at + HEADER_LEN + b[at + 4];
    const value = key + u16be(b, at + 2);
    if (value > stop) return cutShort(p, stop);
    if (value > key) p.put(F.key, key, value - key);
    if (stop > value) p.put(F.value, value, stop - value);
    return DONE;
  },
});
export default memcache;
