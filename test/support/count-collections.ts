// `node --expose-gc count-collections.ts FILE`: counts packets into flows twice, and garbage collections during the second time.
import { PerformanceObserver } from 'node:perf_hooks';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { FlowMeter } from '../../src/flow/flow-meter.ts';
import { HeaderWalk } from '../../src/flow/header-walk.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
const meter = new FlowMeter({ flowEnded: () => {} }, { maxFlows: 300_000, seed: 1, batched: true });
const walk = new HeaderWalk(meter);
let packets = 0;
function pass(): void {
  packets = 0;
  const framer = new CaptureFramer((h) => {
    walk.frameAt(h.bytes, h.at, h.at + h.caplen, h.at + h.wireLen, h.linkType, ++packets, h.seconds, h.nanoseconds);
  }, () => meter.flush());
  // Setting up (the chunk buffer) is not accounting: collections count from the first packet on.
  global.gc?.();
  readCaptureSync(process.argv[2], framer);
}
pass();
meter.finish('end_of_capture');
observer.observe({ entryTypes: ['gc'] });
pass();
// Entries are delivered after the synchronous pass; the forced collection before it is among them and taken off.
await new Promise((resolve) => setTimeout(resolve, 50));
collections += observer.takeRecords().length;
process.stdout.write(`${JSON.stringify({ packets, collections: collections - 1 })}\n`);
