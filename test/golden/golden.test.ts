import assert from 'node:assert/strict';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { valueText } from '../../src/export/value-text.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';
import { GOLDEN_FIELDS } from './golden-fields.ts';

const here = import.meta.dirname;
const captures = readdirSync(here).filter((name) => existsSync(path.join(here, name, 'input.pcap')) && existsSync(path.join(here, name, 'expected.jsonl')));

test('there is a golden capture to read', () => {
  assert.ok(captures.length > 0);
});

for (const name of captures) {
  test(`every value of golden capture ${name} is the one that tshark reads`, () => {
    const registry = new Registry(protocols);
    // A capture may have fields of its own beside it.
    const own = path.join(here, name, 'fields.json');
    const names = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as string[]) : GOLDEN_FIELDS;
    const fields = names.map((f) => registry.find(f) ?? assert.fail(`no field ${f}`));
    const packet = new Packet(registry, new Demand(registry, fields.map((f) => f.id)), nodeHost);
    const expected = readFileSync(path.join(here, name, 'expected.jsonl'), 'utf8').split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Record<string, string>);
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      const row: Record<string, string> = {};
      for (const f of fields) {
        const n = packet.row.count(f.id);
        // tshark's columns do not tell an empty text from none.
        const text = Array.from({ length: n }, (_, i) => valueText(packet.row, f, i)).join('|');
        if (text !== '') row[f.name] = text;
      }
      assert.deepEqual(row, expected[packet.frame - 1], `frame ${packet.frame}`);
    });
    readCaptureSync(path.join(here, name, 'input.pcap'), framer);
    assert.equal(framer.damage, undefined);
    assert.equal(framer.packets, expected.length);
  });
}
