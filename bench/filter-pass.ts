// `node bench/filter-pass.ts FILE FILTER`: counts the packets that a display filter takes; one JSON line.
import { readCaptureSync } from '../src/capture/file-source.ts';
import { compileFilter } from '../src/filter/compile-filter.ts';
import { CaptureFramer } from '../src/pcap/capture-framer.ts';
import { nodeHost } from '../src/pipeline/node-host.ts';
import { Demand } from '../src/wire/demand.ts';
import { Packet } from '../src/wire/packet.ts';
import { protocols } from '../src/wire/protocols.generated.ts';
import { Registry } from '../src/wire/registry.ts';

const [file, text] = process.argv.slice(2);
const registry = new Registry(protocols);
const filter = compileFilter(text, registry);
const packet = new Packet(registry, new Demand(registry, filter.uses, {}), nodeHost);
let matched = 0;
const framer = new CaptureFramer((head) => {
  packet.begin(head);
  packet.walk();
  if (filter.matches(packet.row)) matched++;
});
readCaptureSync(file, framer);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(`${JSON.stringify({ frames: framer.packets, matched, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, rssMb: maxRSS / 1024 })}\n`);
