// `node bench/flows-pass.ts FILE [PASSES]`: flow accounting only, several times in one process; prints one JSON line about the last pass.
import { readCaptureSync } from '../src/capture/file-source.ts';
import { FlowMeter } from '../src/flow/flow-meter.ts';
import { HeaderWalk } from '../src/flow/header-walk.ts';
import { CaptureFramer } from '../src/pcap/capture-framer.ts';
import type { FrameHead } from '../src/wire/frame-head.ts';

const [file, passes = '2'] = process.argv.slice(2);
let ended = 0;
const meter = new FlowMeter({ flowEnded: () => void ended++ }, { maxFlows: 300_000, seed: 1, batched: true });
const walk = new HeaderWalk(meter);
let result = {};
let frames = 0;
// One closure for all passes: another one each time would have to be compiled into the loop anew.
const onPacket = (h: FrameHead): void => walk.frameAt(h.bytes, h.at, h.at + h.caplen, h.at + h.wireLen, h.linkType, ++frames, h.seconds, h.nanoseconds);
const onSlab = (): void => meter.flush();
for (let pass = 0; pass < Number(passes); pass++) {
  ended = 0;
  frames = 0;
  meter.flows = 0;
  meter.evicted = 0;
  meter.packets = 0;
  const start = process.cpuUsage();
  const began = process.hrtime.bigint();
  const framer = new CaptureFramer(onPacket, onSlab);
  readCaptureSync(file, framer);
  meter.finish('end_of_capture');
  const cpu = process.cpuUsage(start);
  result = {
    frames, metered: meter.packets, flows: meter.flows, ended, evicted: meter.evicted, cpuSeconds: (cpu.user + cpu.system) / 1e6,
    wallSeconds: Number(process.hrtime.bigint() - began) / 1e9, rssMb: process.resourceUsage().maxRSS / 1024,
  };
}
process.stdout.write(`${JSON.stringify(result)}\n`);
