// `node bench/analyze-pass.ts FILE`: flows and all protocol records of a file, as `wirewatch analyze` makes them; one JSON line.
import { analyzeFile } from '../src/pipeline/analyze-file.ts';

let flows = 0;
const records: Record<string, number> = {};
const start = process.cpuUsage();
const analysis = await analyzeFile(process.argv[2], {
  flow: () => void flows++,
  record: (record) => void (records[record.kind] = (records[record.kind] ?? 0) + 1),
});
const cpu = process.cpuUsage(start);
process.stdout.write(`${JSON.stringify({
  frames: analysis.frames, flows, evicted: analysis.evicted, records, cpuSeconds: (cpu.user + cpu.system) / 1e6, rssMb: process.resourceUsage().maxRSS / 1024,
})}\n`);
