import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readColumns } from '../../src/export/packet-columns.ts';
import { packetTree } from '../../src/export/packet-tree.ts';
import { statistics } from '../../src/export/statistics.generated.ts';
import { StreamFollower } from '../../src/flow/follow.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const golden = path.resolve(import.meta.dirname, '../../test/golden');
/** Captures larger than this would be mostly unchanged. */
const MAX_SEED = 24_000;
const registry = new Registry(protocols);
const demand = new Demand(registry, [], { tree: true, experts: true, track: true });

/** Small captures of a folder and below. */
function captures(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const full = path.join(folder, e.name);
    if (e.isDirectory()) return captures(full);
    return e.isFile() && /\.(pcap|pcapng|cap)$/.test(e.name) && statSync(full).size <= MAX_SEED ? [full] : [];
  });
}

/**
 * Any bytes as a capture through all that reads one: every field, column and tree, every statistic, every stream. More seeds come
 * from the folders in WIREWATCH_CAPTURES, separated by colons.
 */
export default {
  name: 'whole',
  seeds(): Uint8Array[] {
    const folders = [golden, ...(process.env.WIREWATCH_CAPTURES ?? '').split(':').filter((f) => statSync(f, { throwIfNoEntry: false })?.isDirectory() === true)];
    return folders.flatMap(captures).map((file) => new Uint8Array(readFileSync(file)));
  },
  run(bytes: Uint8Array): void {
    const packet = new Packet(registry, demand, nodeHost);
    const runs = statistics.map((s) => s.create(registry, { intervalSeconds: 1, top: 20 }));
    const ignore = { data: () => undefined, gap: () => undefined };
    const followers = [new StreamFollower('tcp', () => true, ignore), new StreamFollower('udp', () => true, ignore)];
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      readColumns(packet);
      packetTree(packet);
      for (const run of runs) run.packet(packet);
      for (const f of followers) f.packet(packet);
    });
    framer.push(bytes);
    framer.end();
    for (const f of followers) f.end();
    for (const run of runs) {
      run.text();
      JSON.stringify(run.json());
      run.svg?.();
    }
  },
};
