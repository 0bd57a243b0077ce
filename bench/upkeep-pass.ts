// `node bench/upkeep-pass.ts FLOWS`: offers so many one-packet flows to the analysis as live capture sets it up, and tells the longest
// step, in thread CPU time, that one packet with its sweeping, evicting and the making of records took; one JSON line.
import { FlowAnalyzer } from '../src/flow/flow-analyzer.ts';
import type { DatasetId } from '../src/model/index.ts';
import { allSessions } from '../src/pipeline/analyze-file.ts';
import { LIVE_SWEEP_BUDGET } from '../src/pipeline/live-limits.ts';
import { nodeHost } from '../src/pipeline/node-host.ts';
import { keepHeapSmall } from '../src/pipeline/small-heap.ts';

keepHeapSmall();
const flows = Number(process.argv[2]);
let written = 0;
const analyzer = new FlowAnalyzer({ flow: () => void written++, record: () => {} }, {
  maxFlows: 300_000, seed: 1, activeSeconds: 300, sweepBudget: LIVE_SWEEP_BUDGET, host: nodeHost, sessions: allSessions(),
  source: { dataset: 'bench' as DatasetId, sensorId: 'local', siteId: 'default', linkId: 'bench', sampling: 1 },
});
const frame = Buffer.alloc(54);
frame.writeUInt16BE(0x0800, 12);
frame[14] = 0x45;
frame.writeUInt16BE(40, 16);
frame[23] = 6;
frame.writeUInt32BE(0xc6336401, 30);
frame[46] = 0x50;
frame[47] = 2;

let longest = 0;
let above = 0;
let second = 1_700_000_000;
let untilNext = 0;
for (let n = 0; n < flows; n++) {
  // Spread over addresses and ports as a flood with changing sources is: first faster than its flows time out, which evicts, then slower.
  frame.writeUInt32BE(Math.imul(n, 0x9e3779b1) >>> 0, 26);
  frame.writeUInt16BE(n & 0xffff, 34);
  if (untilNext-- === 0) {
    second++;
    untilNext = n < flows / 2 ? 80_000 : 30_000;
  }
  const start = process.threadCpuUsage();
  analyzer.frame(frame, 0, frame.length, frame.length, 1, n + 1, second, 0);
  const spent = process.threadCpuUsage(start);
  const ms = (spent.user + spent.system) / 1000;
  // The first steps are compiled while they run.
  if (n < 20_000) continue;
  longest = Math.max(longest, ms);
  if (ms > 5) above++;
}
process.stdout.write(`${JSON.stringify({ flows: analyzer.meter.flows, written, evicted: analyzer.meter.evicted, longestMs: longest, above5Ms: above, rssMb: process.resourceUsage().maxRSS / 1024 })}\n`);
