import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { FrameHead } from '../../src/wire/frame-head.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const golden = path.resolve(import.meta.dirname, '../../test/golden');
const registry = new Registry(protocols);
const links = Object.keys({ 1: 0, 0: 0, 101: 0, 113: 0, 276: 0, 105: 0, 127: 0, 9: 0, 50: 0, 104: 0, 108: 0 }).map(Number);
const head = new FrameHead();
const packet = new Packet(registry, new Demand(registry, [], { tree: true }), nodeHost);

/** Any bytes as a frame of any link type (the first byte chooses), one after the other in one conversation table. */
export default {
  name: 'dissectors',
  seeds(): Uint8Array[] {
    const seeds: Uint8Array[] = [];
    for (const name of readdirSync(golden)) {
      const file = path.join(golden, name, 'input.pcap');
      if (!existsSync(file)) continue;
      readCaptureSync(file, new CaptureFramer((h) => {
        const seed = new Uint8Array(h.caplen + 1);
        seed.set(h.bytes.subarray(h.at, h.at + h.caplen), 1);
        seed[0] = Math.max(0, links.indexOf(h.linkType));
        seeds.push(seed);
      }));
    }
    return seeds;
  },
  run(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    head.bytes = bytes;
    head.at = 1;
    head.caplen = bytes.length - 1;
    head.wireLen = bytes[0] > 127 ? head.caplen + 40 : head.caplen;
    head.linkType = links[(bytes[0] & 127) % links.length];
    packet.begin(head);
    packet.walk();
  },
};
