import { Elapsed, defineStatistic, tableText } from '../define-statistic.ts';
import { axisSteps, shortNumber, svgBar, svgColour, svgDocument, svgLine, svgText } from '../svg.ts';

/** Intervals that are told apart; what comes later is counted in the last. */
const MAX_INTERVALS = 100_000;
const BARS = 40;
const LEFT = 80;
const WIDE = 840;
const HIGH = 220;
/** Bars that the picture can show; more intervals are joined. */
const MOST_BARS = 420;

/** Traffic over time. */
const io = defineStatistic({
  name: 'io',
  title: 'Traffic over time',
  taps: ['io,stat'],
  fields: [],
  create(_registry, { intervalSeconds }) {
    const elapsed = new Elapsed();
    const sums = new Map<number, [frames: number, bytes: number]>();
    const rows = (): { start: number; frames: number; bytes: number }[] =>
      [...sums].sort((a, b) => a[0] - b[0]).map(([i, [frames, bytes]]) => ({ start: i * intervalSeconds, frames, bytes }));
    return {
      packet(p) {
        const i = Math.min(MAX_INTERVALS - 1, Math.max(-MAX_INTERVALS, Math.floor(elapsed.of(p) / intervalSeconds)));
        const sum = sums.get(i);
        if (sum === undefined) sums.set(i, [1, p.wireLen]);
        else {
          sum[0]++;
          sum[1] += p.wireLen;
        }
      },
      text() {
        const shown = rows();
        const most = Math.max(1, ...shown.map((r) => r.bytes));
        return tableText(['second', 'frames', 'bytes', ''], shown.map((r) => [r.start.toFixed(intervalSeconds < 1 ? 3 : 0), r.frames, r.bytes, '#'.repeat(Math.round((BARS * r.bytes) / most))]));
      },
      json: () => ({ intervalSeconds, intervals: rows() }),
      svg() {
        const shown = rows();
        const last = shown.length === 0 ? 0 : Math.round(shown[shown.length - 1].start / intervalSeconds) + 1;
        const joined = Math.max(1, Math.ceil(last / MOST_BARS));
        const bars = Array.from({ length: Math.max(1, Math.ceil(last / joined)) }, () => 0);
        for (const r of shown) if (r.start >= 0) bars[Math.floor(Math.round(r.start / intervalSeconds) / joined)] += r.bytes;
        const seconds = joined * intervalSeconds;
        const rates = bars.map((bytes) => (8 * bytes) / seconds);
        const steps = axisSteps(Math.max(1, ...rates));
        const most = steps[steps.length - 1];
        const width = WIDE / bars.length;
        let body = '';
        for (const step of steps) {
          const y = 50 + HIGH - (HIGH * step) / most;
          body += svgLine(LEFT, y, LEFT + WIDE, y) + svgText(LEFT - 8, y + 4, shortNumber(step, 'bit/s'), 'end');
        }
        for (const [i, rate] of rates.entries()) {
          if (rate > 0) body += svgBar(LEFT + i * width, 50 + HIGH - (HIGH * rate) / most, Math.max(0.8, width - (width > 3 ? 1 : 0)), (HIGH * rate) / most, svgColour(0), `from ${shortNumber(i * seconds, 's')}: ${shortNumber(rate, 'bit/s')}`);
        }
        for (const step of axisSteps(bars.length * seconds, 8).filter((t) => t <= bars.length * seconds)) body += svgText(LEFT + (WIDE * step) / (bars.length * seconds), 50 + HIGH + 18, shortNumber(step, 's'), 'middle');
        return svgDocument(LEFT + WIDE + 32, 50 + HIGH + 36, `Traffic over time, ${shortNumber(seconds, 's')} a bar`, body);
      },
    };
  },
});
export default io;
