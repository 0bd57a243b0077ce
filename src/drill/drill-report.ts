/** One step of the pipeline that a drill waits for. */
export interface DrillStageReport {
  readonly name: string;
  readonly state: 'waiting' | 'passed' | 'failed';
  /** Milliseconds from the fault until it happened, by the record that proves it; null until then, and for what comes before the fault. */
  readonly afterMs: number | null;
  /** Latest time after the fault at which it counts, milliseconds; null for what comes before the fault. */
  readonly limitMs: number | null;
  readonly detail: string;
}

/** What a drill found. Instants are ISO 8601 in UTC. */
export interface DrillRunReport {
  readonly scenario: string;
  readonly title: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly state: 'running' | 'passed' | 'failed';
  readonly startedAt: string;
  /** When the fault began; null before. */
  readonly faultAt: string | null;
  readonly endedAt: string | null;
  readonly stages: readonly DrillStageReport[];
  /** Why the drill itself could not go on; null where it could. */
  readonly problem: string | null;
}

/** The report for people: one line a stage. */
export function formatDrillReport(report: DrillRunReport): string {
  const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1000).toFixed(1)} s`);
  const width = Math.max(...report.stages.map((s) => s.name.length));
  const marks = { passed: 'ok    ', failed: 'FAILED', waiting: '      ' } as const;
  const lines = report.stages.map((s) => `${marks[s.state]}  ${s.name.padEnd(width)}  ${seconds(s.afterMs).padStart(7)}  (limit ${seconds(s.limitMs).padStart(6)})  ${s.detail}`);
  const passed = report.stages.filter((s) => s.state === 'passed').length;
  return [
    `[DRILL] ${report.title} (${report.family === 'ipv4' ? 'IPv4' : 'IPv6'})`,
    `fault at ${report.faultAt ?? 'never'}; times count from there`,
    '', ...lines, '',
    ...(report.problem === null ? [] : [`The drill could not go on: ${report.problem}`]),
    `${report.state === 'passed' ? 'PASSED' : 'FAILED'}: ${passed} of ${report.stages.length} stages in time`, '',
  ].join('\n');
}
