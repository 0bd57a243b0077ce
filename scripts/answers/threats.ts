import { secondsOf } from '../../src/base/time.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { SignalAnalysis } from '../../src/pipeline/analyze-signals.ts';
import type { Signal } from '../../src/model/index.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';

/** A signal in the score's words; null for what it does not ask about. */
function findingOf(s: Signal): object | null {
  if (s.status !== 'firing') return null;
  const severity = { critical: 'critical', error: 'high', warning: 'medium', info: 'low' }[s.severity];
  const base = { severity, src: s.labels.src, dst: s.labels.dst, port: s.labels.dst_port === undefined ? undefined : Number(s.labels.dst_port), domain: s.labels.domain, start: secondsOf(s.startsAt), end: secondsOf(s.time) };
  switch (s.name) {
    case 'beacon': return { class: 'beacon', ...base };
    case 'port-scan': return { class: s.labels.proto === 'udp' ? 'scan-udp' : `scan-${s.labels.scan}`, ...base };
    default: return null;
  }
}

export function findingsOf(file: string): object[] {
  const analysis = new SignalAnalysis();
  analyzeFileSync(file, analysis);
  return analysis.finish().map(findingOf).filter((f) => f !== null);
}

const maker: AnswerMaker = {
  answer: (corpus, file) => ({ file, findings: findingsOf(corpus.pathOf(file)) }),
};
export default maker;
