import { WirewatchError } from '../../src/base/errors.ts';
import { compileFilter } from '../../src/filter/compile-filter.ts';
import { MemoryRow } from '../../src/filter/memory-row.ts';
import { createScheme, makeField } from '../../src/filter/scheme.ts';

const TYPES = ['protocol', 'u8', 'u64', 'i32', 'boolean', 'ipv4', 'ipv6', 'ether', 'bytes', 'string', 'reltime', 'abstime', 'double', 'none', 'guid', 'oid'] as const;
const fields = TYPES.map((type, i) => makeField(i, `f.${type}`, type));
const scheme = createScheme(fields);
const full = new MemoryRow();
for (const f of fields) {
  if (f.type === 'string') full.add(f, 'text').add(f, '');
  else if (f.type === 'u64' || f.type === 'reltime' || f.type === 'abstime') full.add(f, 7n).add(f, -7n);
  else if (['protocol', 'ipv4', 'ipv6', 'ether', 'bytes', 'guid', 'oid'].includes(f.type)) full.add(f, new Uint8Array(16).fill(65)).add(f, new Uint8Array(4), 2);
  else full.add(f, 1).add(f, 0, 2);
}
const empty = new MemoryRow();
// Words make arbitrary bytes reach the parser's depths: each byte below 64 stands for one.
const WORDS = [...fields.map((f) => f.name), '==', '!=', '===', '!==', '>', '<=', 'contains', 'matches', 'in', 'not', 'and', 'or', 'xor', '(', ')', '{', '}', '[', ']', '..', ',', '#', '@', '&', '+', '-', '/', '%',
  '80', '0x1f', '10.0.0.0/8', '::1', '"a"', '"(a|b)*"', "'x'", 'len(', 'max(', 'any ', 'all ', '[0:2]', '[-1]', '$'];

/** Any bytes as a filter: it compiles and runs, or is refused as the operator's mistake. */
export default {
  name: 'filter',
  run(bytes: Uint8Array): void {
    const text = Array.from(bytes, (b) => (b < WORDS.length ? ` ${WORDS[b]}` : String.fromCharCode(b))).join('');
    try {
      const filter = compileFilter(text, scheme);
      filter.matches(full);
      filter.matches(empty);
    } catch (error) {
      if (!(error instanceof WirewatchError)) throw error;
    }
  },
};
