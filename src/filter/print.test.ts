import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WirewatchError } from '../base/errors.ts';
import { compileFilter } from './compile-filter.ts';
import { MemoryRow } from './memory-row.ts';
import { parseFilter } from './parser.ts';
import { printFilter } from './print.ts';
import { createScheme, makeField } from './scheme.ts';

/** The tree without places and spellings. */
function shape(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'at' || key === 'spelling' || key === 'chained' || (key === 'len' && typeof value === 'number') ? undefined : value)));
}

const field = fc.constantFrom('ip.src', 'tcp.port', 'http.host', 'frame', 'tcp.flags.syn');
const range = fc.constantFrom('0', '1:2', '-3:', '2-5', '0,3-4', ':4');
const literal = fc.oneof(fc.constantFrom('80', '0x1f', '10.0.0.0/8', 'fe80::1', '00:0c:29', "'G'", '"a b"', 'r"\\d+"'), fc.string().map((s) => JSON.stringify(s).replaceAll(/[\ud800-\udfff]/gu, '')));
const value: fc.Arbitrary<string> = fc.letrec<{ v: string }>((tie) => ({
  v: fc.oneof({ depthSize: 'small', withCrossShrink: true }, field, field.map((f) => `${f}#2`), field.map((f) => `@${f}`),
    fc.tuple(field, range).map(([f, r]) => `${f}[${r}]`), fc.tuple(fc.constantFrom('len', 'max', 'foo'), tie('v')).map(([n, a]) => `${n}(${a})`),
    fc.tuple(tie('v'), fc.constantFrom('+', '-', '*', '/', '%', '&'), tie('v')).map(([a, op, b]) => `{${a} ${op} ${b}}`), tie('v').map((a) => `-{${a}}`), literal),
})).v;
const filter: fc.Arbitrary<string> = fc.letrec<{ f: string }>((tie) => ({
  f: fc.oneof({ depthSize: 'small', withCrossShrink: true }, value,
    fc.tuple(fc.constantFrom('', 'any ', 'all '), value, fc.constantFrom('==', '!=', 'gt', '<=', 'contains', '===', '!=='), value).map(([q, a, op, b]) => `${q}${a} ${op} ${b}`),
    fc.tuple(value, value, value).map(([a, b, c]) => `${a} in {${b}, ${b} .. ${c}}`), tie('f').map((f) => `not (${f})`),
    fc.tuple(tie('f'), fc.constantFrom('and', 'or', 'xor', '&&', '||'), tie('f')).map(([a, op, b]) => `(${a}) ${op} (${b})`)),
})).f;

test('a filter printed and parsed again is the same filter', () => {
  fc.assert(fc.property(filter, (text) => {
    const tree = parseFilter(text);
    assert.deepEqual(shape(parseFilter(printFilter(tree))), shape(tree));
  }), { numRuns: 500 });
});

const scheme = createScheme([makeField(0, 'ip.src', 'ipv4'), makeField(1, 'tcp.port', 'u16'), makeField(2, 'http.host', 'string'), makeField(3, 'frame', 'protocol'), makeField(4, 'tcp.flags.syn', 'boolean'), makeField(5, 'ipv6.src', 'ipv6')]);
const full = new MemoryRow().add(scheme.find('ip.src')!, '192.0.2.1').add(scheme.find('tcp.port')!, 80).add(scheme.find('http.host')!, 'a.test')
  .add(scheme.find('frame')!, Uint8Array.from([1, 2, 3])).add(scheme.find('tcp.flags.syn')!, true).add(scheme.find('ipv6.src')!, '2001:db8::1');

test('any text compiles and runs, or is refused with a caret', () => {
  const soup = fc.array(fc.oneof(fc.constantFrom('ip.src', 'tcp.port', 'http.host', 'frame', '==', '!=', 'in', '{', '}', '(', ')', '[', ']', '..', ',', '"', "'", '\\', '#', '@', '$', '-', '80', '10.0.0.1', 'not', 'and', 'matches', 'contains', '/', '&', ':', '::1', 'len('), fc.string({ maxLength: 3 })), { maxLength: 14 }).map((parts) => parts.join(' '));
  fc.assert(fc.property(fc.oneof(soup, filter, fc.string({ maxLength: 60 })), (text) => {
    try {
      const compiled = compileFilter(text, scheme);
      assert.equal(typeof compiled.matches(full), 'boolean');
      assert.equal(typeof compiled.matches(new MemoryRow()), 'boolean');
    } catch (error) {
      assert.ok(error instanceof WirewatchError, String(error));
      assert.match(error.where ?? '', /\^/);
    }
  }), { numRuns: 2000 });
});

test('an order and its reverse never both hold, and equality is both bounds', () => {
  fc.assert(fc.property(fc.nat(65_535), fc.nat(65_535), (a, b) => {
    const row = new MemoryRow().add(scheme.find('tcp.port')!, a);
    const holds = (op: string): boolean => compileFilter(`tcp.port ${op} ${b}`, scheme).matches(row);
    assert.equal(holds('<'), !holds('>='));
    assert.equal(holds('>'), !holds('<='));
    assert.equal(holds('=='), holds('<=') && holds('>='));
    assert.equal(holds('=='), !holds('!='));
  }), { numRuns: 200 });
});
