import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { captureFilterFor } from '../../src/filter/capture-filter.ts';
import { compileFilter, type Filter } from '../../src/filter/compile-filter.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const ETHERNET = 1;
const registry = new Registry(protocols);
const golden = path.resolve(import.meta.dirname, '../golden');

/** Frames of a capture, each with its time and bytes as an identity, and whether the filter takes it. */
function frames(file: string, filter: Filter): { readonly linkType: number; readonly all: Set<string>; readonly taken: Set<string> } {
  const packet = new Packet(registry, new Demand(registry, filter.uses), nodeHost);
  const found = { linkType: -1, all: new Set<string>(), taken: new Set<string>() };
  const framer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    found.linkType = head.linkType;
    const identity = `${head.seconds}.${Math.floor(head.nanoseconds / 1000)} ${Buffer.from(head.bytes.subarray(head.at, head.at + head.caplen)).toString('base64')}`;
    found.all.add(identity);
    if (filter.matches(packet.row)) found.taken.add(identity);
  });
  readCaptureSync(file, framer);
  return found;
}

const captures = readdirSync(golden, { withFileTypes: true })
  .filter((d) => d.isDirectory())
  .map((d) => path.join(golden, d.name, 'input.pcap'))
  .filter((file) => {
    try {
      return frames(file, compileFilter('frame', registry)).linkType === ETHERNET;
    } catch {
      return false;
    }
  });

/** Ports of what carries packets, as the program asks libpcap for them. */
const TUNNELS = registry.dissectors.filter((d) => d.carries).flatMap((d) => [...(d.over['udp.port'] ?? []), ...(d.over['tcp.port'] ?? [])]);

const atom = fc.constantFrom(
  'ip.addr == 192.0.2.0/24', 'ip.src == 10.0.0.0/8', 'ip.addr != 192.0.2.1', 'ipv6', 'ipv6.addr == 2001:db8::/32', 'arp', 'tcp', 'udp.port == 53', 'tcp.port == 80',
  'tcp.dstport in {22, 80, 443..8080}', 'tcp.srcport < 1024', 'udp.length > 50', 'tcp.flags.syn == 1', 'dns', 'http', 'icmp', 'ip.ttl < 64', 'eth.dst == ff:ff:ff:ff:ff:ff', 'len(frame) > 90',
);
const filters: fc.Arbitrary<string> = fc.letrec<{ f: string }>((tie) => ({
  f: fc.oneof({ depthSize: 'small', withCrossShrink: true }, atom, tie('f').map((f) => `not (${f})`),
    fc.tuple(tie('f'), fc.constantFrom('and', 'or', 'xor'), tie('f')).map(([a, op, b]) => `(${a}) ${op} (${b})`)),
})).f;

test('what a display filter takes, the capture filter made from it passes', () => {
  assert.ok(captures.length > 0);
  const out = path.join(tmpdir(), `capture-filter-${process.pid}.pcap`);
  let decided = 0;
  fc.assert(fc.property(filters, fc.constantFrom(...captures), (text, file) => {
    const filter = compileFilter(text, registry);
    const pushed = captureFilterFor(filter.test, TUNNELS);
    if (pushed === '') return;
    const run = spawnSync('tcpdump', ['-r', file, '-w', out, pushed], { encoding: 'utf8' });
    assert.equal(run.status, 0, `${pushed}: ${run.stderr}`);
    const passed = frames(out, filter).all;
    const { all, taken } = frames(file, filter);
    for (const identity of taken) assert.ok(passed.has(identity), `"${text}" takes a frame that "${pushed}" drops in ${file}`);
    if (passed.size < all.size) decided++;
  }), { numRuns: 120 });
  assert.ok(decided > 10, `only ${decided} filters kept anything out`);
});
