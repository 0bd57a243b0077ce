// `node scripts/score-threats.ts [SEED...]`: makes the generated office captures of the shared score for some seeds, and says which
// vertical scans and beacons were found and what was a false alarm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findingsOf } from './answers/threats.ts';

const root = path.resolve(import.meta.dirname, '..');
const shared = process.env.WIREWATCH_SHARED ?? path.resolve(root, '../shared');
const generator = path.join(shared, 'score/synth_threats.py');
if (!existsSync(generator)) {
  process.stderr.write(`no generator at ${generator}: set WIREWATCH_SHARED\n`);
  process.exit(2);
}
const at = process.argv.indexOf('--');
const extra = at < 0 ? [] : process.argv.slice(at + 1);
const seeds = process.argv.slice(2, at < 0 ? undefined : at);
const dir = path.join(root, 'var/score/threats');
mkdirSync(dir, { recursive: true });
let missed = 0;
for (const seed of seeds.length > 0 ? seeds : ['1', '2', '3', '4', '5']) {
  const pcap = path.join(dir, `${seed}.pcap`);
  const labels = path.join(dir, `${seed}.json`);
  spawnSync('python3', [generator, seed, pcap, labels, ...extra], { stdio: ['ignore', 'ignore', 'inherit'] });
  interface Threat { type: string; src: string; dst?: string; domain?: string | null }
  const threats = (JSON.parse(readFileSync(labels, 'utf8')) as { threats: Threat[] }).threats;
  const found = findingsOf(pcap) as { class: string; severity: string; src: string; dst?: string; domain?: string }[];
  const used = new Set<number>();
  const lines: string[] = [];
  for (const t of threats) {
    const hit = found.findIndex((f) => f.class === t.type && f.src === t.src && (f.dst === undefined || t.dst === undefined || f.dst === t.dst || f.domain === t.domain));
    if (hit >= 0) used.add(hit);
    if (hit < 0 && (t.type === 'scan-vertical' || t.type === 'beacon')) missed++;
    lines.push(`${t.type}${hit >= 0 ? '' : ' MISSED'}`);
  }
  const alarms = found.filter((f, i) => !used.has(i) && f.severity !== 'low');
  process.stdout.write(`seed ${seed}: ${lines.join(', ')}; false alarms ${alarms.length}${alarms.map((a) => ` ${JSON.stringify(a)}`).join('')}\n`);
  rmSync(pcap);
}
process.exit(missed > 0 ? 1 : 0);
