import { u32be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const OPCODES = {
  0: 'ERROR', 1: 'STARTUP', 2: 'READY', 3: 'AUTHENTICATE', 5: 'OPTIONS', 6: 'SUPPORTED', 7: 'QUERY', 8: 'RESULT', 9: 'PREPARE', 10: 'EXECUTE', 11: 'REGISTER',
  12: 'EVENT', 13: 'BATCH', 14: 'AUTH_CHALLENGE', 15: 'AUTH_RESPONSE', 16: 'AUTH_SUCCESS',
} as const;

export const cqlFields = defineFields({
  version: { name: 'cql.version', ...put('u8', 'Version', { base: 'hex' }) },
  protocolVersion: { name: 'cql.protocol_version', ...put('u8', 'Protocol version', { mask: 0xf }) },
  direction: { name: 'cql.direction', ...put('u8', 'Direction', { base: 'hex', mask: 0xf0 }) },
  flags: { name: 'cql.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  stream: { name: 'cql.stream', ...put('i16', 'Stream Identifier') },
  opcode: { name: 'cql.opcode', ...put('u8', 'Opcode', { mask: 0x7f, values: OPCODES }) },
  length: { name: 'cql.message_length', ...put('u32', 'Message Length') },
  queryLength: { name: 'cql.string_length', ...put('u32', 'Query Length') },
  query: { name: 'cql.string', ...put('string', 'Query') },
});
const F = cqlFields;
const HEADER_LEN = 9;
const MAX_LENGTH = 256 << 20;
const QUERY = 7;
const PREPARE = 9;

/** Cassandra's native protocol, version 3 and later: heads of frames and the text of queries. */
export default defineDissector({
  name: 'cql',
  title: 'Cassandra CQL Protocol',
  spec: ['Cassandra native_protocol_v4.spec §2'],
  over: { 'tcp.port': [9042] },
  fields: cqlFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) {
      const wait = p.more(HEADER_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const length = u32be(b, at + 5);
    const version = b[at] & 15;
    if (version < 3 || version > 6 || (b[at] & 0x70) !== 0 || length > MAX_LENGTH) return DECLINE;
    const wait = wholePdu(p, at, HEADER_LEN + length);
    if (wait !== DONE) return wait;
    p.put(F.version, at, 1);
    p.put(F.protocolVersion, at, 1);
    p.put(F.direction, at, 1);
    p.put(F.flags, at + 1, 1);
    p.put(F.stream, at + 2, 2);
    p.put(F.opcode, at + 4, 1);
    p.put(F.length, at + 5, 4);
    const stop = Math.min(end, p.wireEnd);
    const body = at + HEADER_LEN;
    if ((b[at + 4] !== QUERY && b[at + 4] !== PREPARE) || body + 4 > stop || (b[at + 1] & 1) !== 0) return DONE;
    const size = u32be(b, body);
    p.put(F.queryLength, body, 4);
    if (body + 4 + size <= stop) p.put(F.query, body + 4, size);
    return DONE;
  },
  info: (row) => row.all(F.opcode).map((o) => OPCODES[Number(o) as keyof typeof OPCODES] ?? o).join(', '),
});
