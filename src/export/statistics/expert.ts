import { Tally, defineStatistic, tableText } from '../define-statistic.ts';

const ORDER = ['error', 'warn', 'note', 'chat'];

/** What dissectors found odd, worst first. */
const expert = defineStatistic({
  name: 'expert',
  title: 'Expert information',
  taps: ['expert'],
  fields: [],
  experts: true,
  create(registry) {
    const tally = new Tally();
    const rows = (): { severity: string; group: string; protocol: string; summary: string; count: number }[] =>
      tally.top(Number.POSITIVE_INFINITY).map(({ key, count }) => {
        const [severity, group, protocol, name] = key.split('\0');
        return { severity, group, protocol, summary: registry.find(name)?.title ?? name, count };
      }).sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.count - a.count);
    return {
      packet(p) {
        for (const n of p.notes) tally.add(`${n.severity}\0${n.group}\0${registry.dissectors[registry.id(n.protocol)].short}\0${n.name}`);
      },
      text: () => tableText(['severity', 'group', 'protocol', 'frames', 'what'], rows().map((r) => [r.severity, r.group, r.protocol, r.count, r.summary])),
      json: rows,
    };
  },
});
export default expert;
