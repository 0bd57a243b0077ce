import { defineStatistic, tableText } from '../define-statistic.ts';
import { ProtocolHierarchy } from '../protocol-hierarchy.ts';
import { svgBar, svgColour, svgDocument, svgText, shortNumber } from '../svg.ts';

interface Share {
  readonly path: string;
  readonly frames: number;
  readonly bytes: number;
}

const ROW = 26;
const WIDTH = 960;
const LEFT = 16;

/** Protocols in their nesting, with frames and bytes. */
const hierarchy = defineStatistic({
  name: 'hierarchy',
  title: 'Protocol hierarchy',
  taps: ['io,phs'],
  fields: ['frame.protocols'],
  create(registry) {
    const counted = new ProtocolHierarchy(registry);
    const shares = (): Share[] => Object.entries(counted.paths()).map(([path, [frames, bytes]]) => ({ path, frames, bytes }));
    return {
      packet: (p) => counted.add(p),
      text: () => tableText(['protocol', 'frames', 'bytes'], shares().map((s) => {
        const layers = s.path.split(':');
        return [`${'  '.repeat(layers.length - 1)}${layers.at(-1) ?? ''}`, s.frames, s.bytes];
      })),
      json: shares,
      /** Each level a row; a protocol is as wide as its bytes, and stands under what carries it. */
      svg() {
        const all = shares();
        const total = Math.max(1, all.find((s) => !s.path.includes(':'))?.bytes ?? 1);
        const scale = (WIDTH - 2 * LEFT) / total;
        // The same protocol has the same colour wherever it stands.
        const colours = new Map<string, number>();
        const nextX = new Map<string, number>();
        let body = '';
        let deepest = 0;
        for (const s of all) {
          const layers = s.path.split(':');
          const parent = layers.slice(0, -1).join(':');
          const x = nextX.get(parent) ?? LEFT;
          nextX.set(parent, x + s.bytes * scale);
          nextX.set(s.path, x);
          deepest = Math.max(deepest, layers.length);
          const width = s.bytes * scale;
          const y = 40 + (layers.length - 1) * ROW;
          const name = layers.at(-1) ?? '';
          if (!colours.has(name)) colours.set(name, colours.size);
          if (width >= 0.5) body += svgBar(x, y, width - 1, ROW - 3, svgColour(colours.get(name) ?? 0), `${s.path}: ${s.frames} frames, ${shortNumber(s.bytes, 'B')}`);
          if (width > 7 * name.length + 10) body += svgText(x + 5, y + 16, name, 'start', 'fill="#ffffff"');
        }
        return svgDocument(WIDTH, 56 + deepest * ROW, 'Protocol hierarchy by bytes', body);
      },
    };
  },
});
export default hierarchy;
