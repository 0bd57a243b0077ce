import { defineStatistic, tableText } from '../define-statistic.ts';
import { axisSteps, shortNumber, svgBar, svgColour, svgDocument, svgLine, svgText } from '../svg.ts';

/** Upper ends of the classes, bytes; the last is open. */
const CLASSES = [39, 79, 159, 319, 639, 1279, 2559, 5119, Number.POSITIVE_INFINITY];
const LEFT = 70;
const BAR = 72;
const HIGH = 220;

/** How long packets are. */
const lengths = defineStatistic({
  name: 'lengths',
  title: 'Packet lengths',
  taps: ['plen,tree'],
  fields: [],
  create() {
    const frames = CLASSES.map(() => 0);
    const bytes = CLASSES.map(() => 0);
    const rows = (): { from: number; to: number; frames: number; bytes: number }[] =>
      CLASSES.map((to, i) => ({ from: i === 0 ? 0 : CLASSES[i - 1] + 1, to, frames: frames[i], bytes: bytes[i] })).filter((c) => c.frames > 0);
    const label = (c: { from: number; to: number }): string => (Number.isFinite(c.to) ? `${c.from} to ${c.to}` : `${c.from} and more`);
    return {
      packet(p) {
        const i = CLASSES.findIndex((to) => p.wireLen <= to);
        frames[i]++;
        bytes[i] += p.wireLen;
      },
      text() {
        const total = frames.reduce((a, b) => a + b, 0);
        return tableText(['bytes', 'frames', 'share', 'mean'], rows().map((c) => [label(c), c.frames, `${((100 * c.frames) / total).toFixed(1)} %`, Math.round(c.bytes / c.frames)]));
      },
      json: () => rows().map((c) => ({ ...c, to: Number.isFinite(c.to) ? c.to : null })),
      svg() {
        const shown = rows();
        const steps = axisSteps(Math.max(1, ...shown.map((c) => c.frames)));
        const most = steps[steps.length - 1];
        let body = '';
        for (const step of steps) {
          const y = 50 + HIGH - (HIGH * step) / most;
          body += svgLine(LEFT, y, LEFT + BAR * shown.length, y) + svgText(LEFT - 8, y + 4, shortNumber(step), 'end');
        }
        for (const [i, c] of shown.entries()) {
          const height = (HIGH * c.frames) / most;
          body += svgBar(LEFT + i * BAR + 8, 50 + HIGH - height, BAR - 16, height, svgColour(0), `${label(c)} bytes: ${c.frames} frames`);
          body += svgText(LEFT + i * BAR + BAR / 2, 50 + HIGH + 18, Number.isFinite(c.to) ? `${c.from}\u2013${c.to}` : `${c.from}+`, 'middle');
        }
        return svgDocument(LEFT + BAR * Math.max(4, shown.length) + 24, 50 + HIGH + 36, 'Packet lengths: frames by bytes', body);
      },
    };
  },
});
export default lengths;
