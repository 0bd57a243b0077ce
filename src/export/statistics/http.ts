import { Tally, defineStatistic, tableText } from '../define-statistic.ts';

/** Requests by method, host and address; answers by code. */
const http = defineStatistic({
  name: 'http',
  title: 'HTTP',
  taps: ['http,tree', 'http,stat', 'http_req,tree', 'http_srv,tree'],
  fields: ['http.request.method', 'http.host', 'http.request.uri', 'http.response.code'],
  create(registry, { top }) {
    const fields = ['http.request.method', 'http.host', 'http.request.uri', 'http.response.code'].map((name) => registry.find(name)!);
    const [method, host, uri, code] = fields;
    const methods = new Tally();
    const hosts = new Tally();
    const requests = new Tally();
    const codes = new Tally();
    return {
      packet(p) {
        const { row } = p;
        const at = (field: { id: number }, i: number): string => (i < row.count(field.id) ? row.text(field.id, i) : '');
        for (let i = 0; i < row.count(method.id); i++) {
          methods.add(at(method, i));
          if (at(host, i) !== '') hosts.add(at(host, i));
          requests.add(`${at(host, i)}${at(uri, i)}`);
        }
        for (let i = 0; i < row.count(code.id); i++) codes.add(String(row.num(code.id, i)));
      },
      text() {
        const part = (name: string, tally: Tally): string => tableText([name, 'count'], tally.top(top).map((r) => [r.key, r.count]));
        return [part('method', methods), part('answer', codes), part('host', hosts), part('request', requests)].filter((t) => t !== '').join('\n');
      },
      json: () => (methods.counts.size + codes.counts.size === 0 ? null : { methods: methods.top(top), answers: codes.top(top), hosts: hosts.top(top), requests: requests.top(top) }),
    };
  },
});
export default http;
