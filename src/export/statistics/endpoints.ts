import { formatIp, ipHex, type IpHex } from '../../base/ip.ts';
import { defineStatistic, tableText } from '../define-statistic.ts';

const MAX_ENDPOINTS = 200_000;

interface Endpoint {
  framesOut: number;
  framesIn: number;
  bytesOut: number;
  bytesIn: number;
}

/** What each address sent and received. */
const endpoints = defineStatistic({
  name: 'endpoints',
  title: 'Endpoints by bytes',
  taps: ['endpoints', 'host', 'hosts', 'ip_hosts,tree', 'ipv6_hosts,tree'],
  fields: [],
  create(_registry, { top }) {
    const ends = new Map<IpHex, Endpoint>();
    let uncounted = 0;
    const of = (ip: IpHex): Endpoint | undefined => {
      let end = ends.get(ip);
      if (end === undefined) {
        if (ends.size >= MAX_ENDPOINTS) {
          uncounted++;
          return undefined;
        }
        end = { framesOut: 0, framesIn: 0, bytesOut: 0, bytesIn: 0 };
        ends.set(ip, end);
      }
      return end;
    };
    const rows = (): (Endpoint & { address: string })[] =>
      [...ends].sort((x, y) => y[1].bytesOut + y[1].bytesIn - x[1].bytesOut - x[1].bytesIn || (x[0] < y[0] ? -1 : 1)).slice(0, top).map(([ip, e]) => ({ address: formatIp(ip), ...e }));
    return {
      packet(p) {
        if (p.ipVersion === 0) return;
        const bytes = p.row.sources[p.networkSource];
        const from = of(ipHex(bytes, p.srcAt, p.ipVersion));
        const to = of(ipHex(bytes, p.dstAt, p.ipVersion));
        if (from !== undefined) {
          from.framesOut++;
          from.bytesOut += p.wireLen;
        }
        if (to !== undefined) {
          to.framesIn++;
          to.bytesIn += p.wireLen;
        }
      },
      text: () => tableText(['address', 'sent', 'bytes', 'received', 'bytes'], rows().map((e) => [e.address, e.framesOut, e.bytesOut, e.framesIn, e.bytesIn])),
      json: () => ({ uncounted, endpoints: rows() }),
    };
  },
});
export default endpoints;
