import { isDigit, lineEnd, nextLine } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const respFields = defineFields({
  string: { name: 'resp.string', ...put('string', 'String') },
  error: { name: 'resp.error', ...put('string', 'Error') },
  bulk: { name: 'resp.bulk_string', ...put('none', 'Bulk String') },
  bulkLength: { name: 'resp.bulk_string.length', ...put('i32', 'Length') },
  bulkValue: { name: 'resp.bulk_string.value', ...put('bytes', 'Value') },
  integer: { name: 'resp.integer', ...put('i64', 'Integer') },
  array: { name: 'resp.array', ...put('none', 'Array') },
  arrayLength: { name: 'resp.array.length', ...put('i64', 'Length') },
  fragment: { name: 'resp.fragment', ...put('none', 'Fragment') },
  partly: { name: 'resp.reassembled_in_next_frame', ...put('none', 'Array is partially decoded. Re-assembled array is in the next frame') },
  malformedLength: { name: 'resp.malformed_length', ...put('none', 'Malformed length specified') },
});
const F = respFields;

const STRING = 0x2b;
const ERROR = 0x2d;
const INTEGER = 0x3a;
const BULK = 0x24;
const ARRAY = 0x2a;
/** Where an element does not end within the bytes at hand. */
const INCOMPLETE = -1;

/** Elements that arrays of this segment still miss. */
let open = 0;

/** Redis serialization protocol: elements one after another; the members of an array are elements that follow it. */
export const resp = defineDissector({
  name: 'resp',
  title: 'REdis Serialization Protocol',
  spec: ['Redis serialization protocol specification (RESP2)'],
  over: { 'tcp.port': [6379] },
  fields: respFields,
  stream: true,
  dissect(p, at, end) {
    open = 0;
    let pos = at;
    while (pos < end) {
      const next = putElement(p, pos, end);
      if (next === INCOMPLETE) break;
      pos = next;
    }
    if (pos >= end) return DONE;
    if (pos > at) {
      if (open > 0) p.expert('note', 'undecoded', F.partly.name, at, 0);
      p.payload(pos, p.wireEnd);
      return DONE;
    }
    const wait = p.more(0);
    if (wait !== DONE) return wait;
    p.put(F.fragment, at, end - at);
    return DONE;
  },
  info: (row) => (row.has(F.error) ? `Error: ${row.text(F.error)}` : row.has(F.array) ? `Array(${row.text(F.arrayLength)})` : row.has(F.string) ? row.text(F.string) : 'RESP'),
});

function putElement(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const line = lineEnd(b, at, end);
  const next = nextLine(b, line, end);
  if (next < line + 2) return INCOMPLETE;
  if (open > 0) open--;
  switch (b[at]) {
    case STRING: p.put(F.string, at + 1, line - at - 1); return next;
    case ERROR: p.put(F.error, at + 1, line - at - 1); return next;
    case INTEGER: p.putInt(F.integer, at + 1, line - at - 1, number(b, at + 1, line)); return next;
    case ARRAY: {
      const count = number(b, at + 1, line);
      p.open(F.array, at);
      p.putInt(F.arrayLength, at + 1, line - at - 1, count);
      if (count < -1) p.expert('error', 'undecoded', F.malformedLength.name, at, 0);
      p.close(next);
      if (count > 0) open += count;
      return next;
    }
    case BULK: return putBulk(p, at, line, next, end);
    default: p.put(F.fragment, at, next - at); return next;
  }
}

function putBulk(p: PacketView, at: number, line: number, next: number, end: number): number {
  const length = number(p.bytes, at + 1, line);
  const to = length >= 0 ? next + length + 2 : next;
  if (to > end) {
    open++;
    return INCOMPLETE;
  }
  p.open(F.bulk, at);
  p.putInt(F.bulkLength, at + 1, line - at - 1, length);
  if (length > 0) p.put(F.bulkValue, next, length);
  if (length < -1) p.expert('error', 'undecoded', F.malformedLength.name, at, 0);
  p.close(to);
  return to;
}

/** A decimal number with its sign; what follows digits is not looked at. */
function number(b: Uint8Array, at: number, end: number): number {
  const negative = b[at] === 0x2d;
  let v = 0;
  for (let i = negative ? at + 1 : at; i < end && isDigit(b[i]); i++) v = v * 10 + b[i] - 48;
  return negative ? -v : Math.min(v, 2 ** 63);
}

export default resp;
