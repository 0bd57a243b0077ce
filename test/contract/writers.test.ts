// What every form in which packets, records and counts leave the program must keep, whichever it is: it reads every golden capture
// without an error, gives the same twice, and JSON is JSON.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import type { PacketFormatOptions } from '../../src/export/define-packet-format.ts';
import { formats } from '../../src/export/formats.generated.ts';
import { logs } from '../../src/export/logs.generated.ts';
import { statistics } from '../../src/export/statistics.generated.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { allLogColumns, analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const registry = new Registry(protocols);
const golden = path.resolve(import.meta.dirname, '../golden');
const captures = readdirSync(golden).map((name) => path.join(golden, name, 'input.pcap')).filter((file) => existsSync(file));
const idsOf = (names: readonly string[]): number[] => names.flatMap((n) => registry.find(n)?.id ?? []);

function walk(file: string, demand: Demand, onPacket: (p: Packet) => void): void {
  const packet = new Packet(registry, demand, nodeHost);
  readCaptureSync(file, new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    packet.displayedSeconds = packet.seconds;
    packet.displayedNanos = packet.nanoseconds;
    onPacket(packet);
  }));
}

const chosen = ['frame.number', 'ip.src', 'ipv6.src', 'tcp.dstport', 'udp.dstport'].map((name) => ({ name, field: registry.find(name) }));
const options: PacketFormatOptions = { fields: chosen, header: true, separator: '\t', aggregator: ',', occurrence: 'a', quote: '', detail: true, bytes: true, colour: false };

for (const format of formats) {
  test(`packet format ${format.name} writes every golden capture, the same twice`, () => {
    const write = (file: string): string => {
      const writer = format.create(options);
      let out = writer.begin();
      walk(file, new Demand(registry, idsOf(chosen.map((c) => c.name)), { tree: format.needsTree(options) }), (p) => void (out += writer.packet(p)));
      return out + writer.end();
    };
    for (const file of captures) {
      const out = write(file);
      assert.ok(out.length > 100);
      assert.equal(write(file), out);
      if (format.name === 'json') assert.ok(Array.isArray(JSON.parse(out)));
      if (format.name === 'ek') for (const line of out.trim().split('\n')) assert.equal(typeof JSON.parse(line), 'object');
    }
  });
}

for (const format of logs) {
  test(`log format ${format.name} writes whole lines of every golden capture, the same twice`, () => {
    const write = (file: string): string[] => {
      const writer = format.create({ host: nodeHost, columns: allLogColumns() });
      const out: string[] = [];
      const keep = (lines: readonly { file: string; text: string }[]): void => {
        for (const line of lines) {
          assert.match(line.file, /^[a-z0-9_]+\.(?:log|json)$/);
          assert.ok(line.text.endsWith('\n') && !line.text.slice(0, -1).includes('\n'), line.text);
          const head = writer.head(line.file);
          if (head === '') assert.equal(typeof JSON.parse(line.text), 'object');
          else assert.equal(line.text.split('\t').length, head.split('\n').find((l) => l.startsWith('#fields'))!.split('\t').length - 1, line.text);
          out.push(line.text);
        }
      };
      analyzeFileSync(file, { flow: (f) => keep(writer.flow(f)), record: (r) => keep(writer.record(r)) }, { files: { digests: ['sha256'] } });
      return out;
    };
    let lines = 0;
    for (const file of captures) {
      const out = write(file);
      lines += out.length;
      assert.deepEqual(write(file), out);
    }
    assert.ok(lines > 100);
  });
}

for (const statistic of statistics) {
  test(`statistic ${statistic.name} counts every golden capture, and nothing of an empty one`, () => {
    const count = (file: string | undefined): { text: string; json: string; svg: string | undefined } => {
      const run = statistic.create(registry, { intervalSeconds: 1, top: 20 });
      const demand = new Demand(registry, idsOf([...statistic.fields, 'frame.protocols', 'frame.time_relative']), { tree: statistic.tree ?? false, experts: statistic.experts ?? false, track: true });
      if (file !== undefined) walk(file, demand, (p) => run.packet(p));
      return { text: run.text(), json: JSON.stringify(run.json()), svg: run.svg?.() };
    };
    for (const file of captures) {
      const counted = count(file);
      assert.deepEqual(count(file), counted);
      if (counted.svg !== undefined) assert.match(counted.svg, /^<svg [^]*<\/svg>\s*$/);
      assert.ok(!/NaN|undefined|Infinity/.test(counted.text), counted.text);
    }
    assert.ok(!/NaN|undefined|Infinity/.test(count(undefined).text));
  });
}
