import { defineStatistic, tableText } from '../define-statistic.ts';

/** Fields that hold the time from a request to its answer. */
const TIMES = [
  'dns.time', 'http.time', 'icmp.resptime', 'icmpv6.resptime', 'smb.time', 'smb2.time', 'dcerpc.time', 'rpc.time', 'ldap.time', 'snmp.time', 'radius.time', 'imap.time', 'stun.time',
  'classicstun.time', 'enip.time', 'mbtcp.time', 'tcp.analysis.initial_rtt', 'tcp.analysis.ack_rtt',
];
/** Times kept of each service, for its quantiles; of more, every so many'th. */
const MAX_KEPT = 100_000;

class Times {
  n = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  #kept: number[] = [];
  #every = 1;

  add(seconds: number): void {
    this.n++;
    this.sum += seconds;
    this.min = Math.min(this.min, seconds);
    this.max = Math.max(this.max, seconds);
    if (this.n % this.#every !== 0) return;
    if (this.#kept.length >= MAX_KEPT) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 1);
      this.#every *= 2;
    }
    this.#kept.push(seconds);
  }

  quantile(q: number): number {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    return sorted.length === 0 ? this.max : sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  }
}

/** How long services took to answer. */
const srt = defineStatistic({
  name: 'srt',
  title: 'Service response times',
  taps: ['smb,srt', 'smb2,srt', 'dns,srt', 'ldap,srt', 'dcerpc,srt', 'rpc,srt', 'icmp,srt', 'icmpv6,srt', 'snmp,srt', 'radius,srt', 'srt'],
  fields: TIMES,
  create(registry) {
    const fields = TIMES.flatMap((name) => registry.find(name) ?? []);
    const found = new Map<string, Times>();
    const handshakes = new Set<number>();
    const rows = (): { field: string; n: number; min: number; mean: number; median: number; p95: number; max: number }[] =>
      [...found].map(([field, t]) => ({ field, n: t.n, min: t.min, mean: t.sum / t.n, median: t.quantile(0.5), p95: t.quantile(0.95), max: t.max }));
    return {
      packet(p) {
        for (const f of fields) {
          const n = p.row.count(f.id);
          if (n === 0) continue;
          // The handshake's round trip is shown with each segment of its conversation: it counts once.
          if (f.name === 'tcp.analysis.initial_rtt') {
            if (handshakes.has(p.flow) || handshakes.size >= MAX_KEPT) continue;
            handshakes.add(p.flow);
          }
          let times = found.get(f.name);
          if (times === undefined) found.set(f.name, (times = new Times()));
          // ICMP's response times are in milliseconds.
          for (let i = 0; i < n; i++) times.add(f.type === 'double' ? p.row.num(f.id, i) / 1000 : p.row.seconds(f.id, i) + p.row.nanoseconds(f.id, i) / 1e9);
        }
      },
      text() {
        const ms = (s: number): string => (1000 * s).toFixed(3);
        return tableText(['time of', 'answers', 'least ms', 'mean', 'median', '95 %', 'most'], rows().map((r) => [r.field, r.n, ms(r.min), ms(r.mean), ms(r.median), ms(r.p95), ms(r.max)]));
      },
      json: rows,
    };
  },
});
export default srt;
