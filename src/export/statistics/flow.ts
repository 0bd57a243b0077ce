import { Elapsed, defineStatistic } from '../define-statistic.ts';
import { readColumns } from '../packet-columns.ts';
import { svgDocument, svgLine, svgText } from '../svg.ts';

/** Arrows that a graph shows: more cannot be looked at. */
const MAX_ARROWS = 1000;
const MAX_HOSTS = 12;
const COLUMN = 26;
const LANE = 260;
const LINE = 22;

interface Arrow {
  readonly time: number;
  readonly frame: number;
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Who said what to whom, in order: a ladder of hosts and arrows. */
const flow = defineStatistic({
  name: 'flow',
  title: 'Flow graph',
  taps: ['flow'],
  onlyOnDemand: true,
  fields: [],
  tree: true,
  create() {
    const elapsed = new Elapsed();
    const arrows: Arrow[] = [];
    const hosts: string[] = [];
    let left = 0;
    return {
      packet(p) {
        const time = elapsed.of(p);
        const c = readColumns(p);
        if (c.source === '' || c.destination === '') return;
        for (const host of [c.source, c.destination]) if (!hosts.includes(host) && hosts.length < MAX_HOSTS) hosts.push(host);
        if (arrows.length >= MAX_ARROWS || !hosts.includes(c.source) || !hosts.includes(c.destination)) {
          left++;
          return;
        }
        arrows.push({ time, frame: c.number, from: c.source, to: c.destination, label: `${c.protocol} ${c.info}` });
      },
      text() {
        if (arrows.length === 0) return '';
        const lane = (host: string): number => hosts.indexOf(host) * COLUMN;
        let out = `${' '.repeat(12)}${hosts.map((h) => h.slice(0, COLUMN - 2).padEnd(COLUMN)).join('')}\n`;
        for (const a of arrows) {
          const line = Array.from({ length: hosts.length * COLUMN }, (_, i): string => (i % COLUMN === 0 ? '|' : ' '));
          const [from, to] = [lane(a.from), lane(a.to)];
          const [low, high] = [Math.min(from, to), Math.max(from, to)];
          for (let i = low + 1; i < high; i++) line[i] = '-';
          if (to > from) line[high - 1] = '>';
          else if (to < from) line[low + 1] = '<';
          out += `${a.time.toFixed(6).padStart(11)} ${line.join('').trimEnd()}  ${a.frame} ${a.label}\n`;
        }
        return left === 0 ? out : `${out}${left} further packets are not shown.\n`;
      },
      json: () => ({ hosts, arrows, left }),
      svg() {
        const x = (host: string): number => 110 + hosts.indexOf(host) * LANE;
        const bottom = 90 + arrows.length * LINE;
        let body = '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#2f6f9f"/></marker></defs>\n';
        for (const host of hosts) body += svgText(x(host), 52, host, 'middle', 'font-weight="600"') + svgLine(x(host), 60, x(host), bottom, '#b4bec8', 'stroke-dasharray="3 3"');
        for (const [i, a] of arrows.entries()) {
          const y = 84 + i * LINE;
          const [from, to] = [x(a.from), x(a.to)];
          const room = Math.max(20, Math.floor(Math.abs(to - from) / 6.4));
          body += svgText(8, y + 4, a.time.toFixed(4), 'start', 'fill="#6b7781"');
          body += from === to ? svgText(from + 6, y, a.label.slice(0, 30)) : svgLine(from, y, to, y, '#2f6f9f', 'marker-end="url(#head)"') + svgText((from + to) / 2, y - 4, a.label.slice(0, room), 'middle', 'font-size="11"');
        }
        return svgDocument(Math.max(400, 200 + Math.max(0, hosts.length - 1) * LANE), bottom + 24, 'Flow graph', body);
      },
    };
  },
});
export default flow;
