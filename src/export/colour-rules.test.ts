import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFilter } from '../filter/compile-filter.ts';
import { MemoryRow } from '../filter/memory-row.ts';
import { protocols } from '../wire/protocols.generated.ts';
import { Registry } from '../wire/registry.ts';
import { COLOUR_RULES, ColourRules } from './colour-rules.ts';

const registry = new Registry(protocols);

test('every rule is a filter over the fields that there are', () => {
  for (const rule of COLOUR_RULES) assert.doesNotThrow(() => compileFilter(rule.filter, registry), rule.name);
});

test('the first rule that holds paints the line, and a line that none holds for stays as it is', () => {
  const rules = new ColourRules(registry);
  const row = new MemoryRow().add(registry.find('tcp.flags.reset')!, true).add(registry.find('tcp.flags.syn')!, true);
  assert.equal(rules.paint(row, 'x'), '\u001b[31mx\u001b[0m');
  assert.equal(rules.paint(new MemoryRow(), 'x'), 'x');
});
