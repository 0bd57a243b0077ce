import { Tally, defineStatistic, tableText } from '../define-statistic.ts';

/** Questions by type and name; answers by code. */
const dns = defineStatistic({
  name: 'dns',
  title: 'DNS',
  taps: ['dns,tree', 'dns_qr,tree'],
  fields: ['dns.qry.name', 'dns.qry.type', 'dns.flags.response', 'dns.flags.rcode'],
  create(registry, { top }) {
    const [name, type, response, rcode] = ['dns.qry.name', 'dns.qry.type', 'dns.flags.response', 'dns.flags.rcode'].map((n) => registry.find(n)!);
    const types = new Tally();
    const names = new Tally();
    const codes = new Tally();
    return {
      packet(p) {
        const { row } = p;
        if (row.count(response.id) === 0) return;
        if (row.num(response.id, 0) === 0) {
          for (let i = 0; i < row.count(type.id); i++) types.add(named(type.values, row.num(type.id, i)));
          for (let i = 0; i < row.count(name.id); i++) names.add(row.text(name.id, i));
        } else for (let i = 0; i < row.count(rcode.id); i++) codes.add(named(rcode.values, row.num(rcode.id, i)));
      },
      text() {
        const part = (title: string, tally: Tally): string => tableText([title, 'count'], tally.top(top).map((r) => [r.key, r.count]));
        return [part('question', types), part('answer', codes), part('name', names)].filter((t) => t !== '').join('\n');
      },
      json: () => (types.counts.size + codes.counts.size === 0 ? null : { questions: types.top(top), answers: codes.top(top), names: names.top(top) }),
    };
  },
});
export default dns;

function named(values: Readonly<Record<number, string>> | undefined, n: number): string {
  return values?.[n] ?? String(n);
}
