import path from 'node:path';
import { canonicalJson, putCanonicalJson } from '../../base/canonical-json.ts';
import { TextBytes } from '../../base/text-bytes.ts';
import { formatDurationMs, isoTime, msOf } from '../../base/time.ts';
import { plural } from '../../base/text.ts';
import { ATTACK_VERSION, TECHNIQUES } from '../../detect/attack.ts';
import { Networks, type FlowRecord, type Incident, type ProtocolRecord, type Signal } from '../../model/index.ts';
import { analyzeFile } from '../../pipeline/analyze-file.ts';
import { IncidentAnalysis, type IncidentAnalysisResult } from '../../pipeline/analyze-incidents.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { keepHeapSmall } from '../../pipeline/small-heap.ts';
import { SignalAnalysis } from '../../pipeline/analyze-signals.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

function signalText(s: Signal): string {
  const techniques = s.techniques.map((t) => `${t} ${TECHNIQUES[t]?.name ?? ''}`.trim()).join(', ');
  const [evidence] = s.evidence;
  const score = Object.entries(s.score).map(([k, v]) => `${k} ${Number.isInteger(v) ? v : v.toFixed(3)}`).join(', ');
  return [
    `  ${isoTime(s.time, 3)}  ${s.severity.padEnd(8)} ${s.annotations.summary}`,
    `      why:       ${s.annotations.explanation}`,
    `      score:     ${score}; confidence ${s.confidence.toFixed(2)}; capture loss ${s.loss === null ? 'unknown' : `${(100 * s.loss).toFixed(1)} %`}`,
    ...(techniques === '' ? [] : [`      technique: ${techniques} (ATT&CK ${ATTACK_VERSION})`]),
    ...(evidence === undefined ? [] : [`      evidence:  ${plural(evidence.ids.length, 'flow')}, frames ${evidence.frames.slice(0, 8).join(', ')}${evidence.frames.length > 8 ? ', ...' : ''}${evidence.filter === null ? '' : `; filter: ${evidence.filter}`}`]),
  ].join('\n');
}

function incidentText(i: Incident, result: IncidentAnalysisResult): string {
  const lines = result.timeline.filter((t) => t.incidentId === i.id).map(({ entry }) => `      ${isoTime(entry.time, 3)}  ${entry.text}`);
  return [`  ${i.id}  ${i.severity.padEnd(8)} ${i.title}`, ...lines].join('\n');
}

/** Records go out in pieces of about this size. */
const FLUSH_BYTES = 64 * 1024;
const NEW_LINE = 10;

/** Counts of what a file holds, beside the findings. */
class Counts {
  readonly services = new Map<string, number>();
  flows = 0;
  first: bigint | null = null;
  last = 0n;

  flow(f: FlowRecord): void {
    this.flows++;
    if (this.first === null || f.time < this.first) this.first = f.time;
    if (f.end > this.last) this.last = f.end;
    for (const s of f.service) this.services.set(s, (this.services.get(s) ?? 0) + 1);
  }
}

async function networksOf(ctx: CommandContext, config: unknown): Promise<{ networks: Networks | undefined; detectors: Record<string, object | false> }> {
  if (typeof config !== 'string') return { networks: undefined, detectors: {} };
  // Loaded where it is asked for: the configuration's schemas are a third of what the command would load.
  const [{ openConfig }, { loadExtensions }] = await Promise.all([import('../../config/open-config.ts'), import('../extensions.ts')]);
  const loaded = openConfig(path.resolve(ctx.cwd, config), { env: ctx.env, extensions: await loadExtensions() });
  const detectors = Object.fromEntries(Object.entries(loaded.config.detectors).map(([name, { enabled, ...rest }]) => [name, enabled ? rest : (false as const)]));
  return { networks: loaded.config.networks.length === 0 ? undefined : new Networks(loaded.config.networks), detectors };
}

export const analyze = defineCommand({
  name: 'analyze',
  summary: 'run the whole chain over a capture file: flows, detectors, alerts, incidents',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd')
      .option('--config <file>', 'configuration, for its networks and the options of its detectors')
      .option('--records', 'also print every flow and transaction, as JSON lines');
  },
  async run(ctx, [file], options) {
    keepHeapSmall();
    const { networks, detectors } = await networksOf(ctx, options.config);
    const incidents = new IncidentAnalysis();
    const signals = new SignalAnalysis({ networks, detectors }, (signal) => incidents.signal(signal));
    const counts = new Counts();
    const records = options.records === true;
    const showsProgress = ctx.terminal.isTty && !ctx.json;
    const lines = new TextBytes();
    const flush = (): void => {
      if (lines.length > 0) ctx.terminal.out(lines.text(nodeHost));
      lines.clear();
    };
    const print = (record: FlowRecord | ProtocolRecord): void => {
      putCanonicalJson(lines, record, nodeHost);
      lines.byte(NEW_LINE);
      if (lines.length >= FLUSH_BYTES) flush();
    };
    const analysis = await analyzeFile(path.resolve(ctx.cwd, file), {
      flow(flow) {
        counts.flow(flow);
        if (records) print(flow);
        signals.flow(flow);
      },
      record(record: ProtocolRecord) {
        if (records) print(record);
        signals.record(record);
      },
    }, {
      networks, signal: ctx.signal, communityIds: records,
      ...(showsProgress ? { onProgress: (bytes: number, total: number) => ctx.terminal.err(`\r${Math.floor((100 * bytes) / Math.max(1, total))} %`) } : {}),
    });
    flush();
    if (showsProgress) ctx.terminal.err('\r     \r');
    signals.finish();
    const result = incidents.finish();
    if (ctx.json) {
      ctx.terminal.out(`${canonicalJson({
        file: path.basename(file), dataset: analysis.dataset, frames: analysis.frames, flows: counts.flows, records: analysis.records, signals: signals.signals,
        alerts: result.alerts, incidents: result.incidents, timeline: result.timeline, notifications: result.notifications, damage: analysis.damage?.message ?? null,
      })}\n`);
    } else {
      const span = counts.first === null ? '' : `, ${formatDurationMs(msOf(counts.last - counts.first))} from ${isoTime(counts.first, 3)}`;
      const services = [...counts.services].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 8).map(([s, n]) => `${s} ${n}`).join(', ');
      ctx.terminal.out(`${path.basename(file)}: ${plural(analysis.frames, 'frame')}, ${plural(counts.flows, 'flow')}, ${plural(analysis.records, 'transaction')}${span}\n`);
      if (services !== '') ctx.terminal.out(`services: ${services}\n`);
      const firing = signals.signals.filter((s) => s.status === 'firing');
      ctx.terminal.out(firing.length === 0 ? '\nnothing suspicious was found\n' : `\nfindings\n${firing.map(signalText).join('\n')}\n`);
      if (result.incidents.length > 0) ctx.terminal.out(`\nincidents\n${result.incidents.map((i) => incidentText(i, result)).join('\n')}\n`);
    }
    if (analysis.damage !== undefined) {
      ctx.terminal.err(`${analysis.damage.code}: ${analysis.damage.message}${analysis.damage.where === undefined ? '' : ` (${analysis.damage.where})`}; what was read before it is valid\n`);
      return EXIT.input;
    }
    return signals.signals.some((s) => s.status === 'firing') ? EXIT.negative : EXIT.ok;
  },
});
export default analyze;
