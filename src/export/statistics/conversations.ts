import { formatIp, ipHex, type IpHex } from '../../base/ip.ts';
import { Elapsed, defineStatistic, tableText } from '../define-statistic.ts';

const MAX_TALKS = 200_000;
const TCP = 6;
const UDP = 17;

interface Talk {
  readonly proto: 'tcp' | 'udp' | 'ip';
  readonly a: string;
  readonly b: string;
  readonly frames: [number, number];
  readonly bytes: [number, number];
  readonly first: number;
  last: number;
}

/** Who talked to whom: ends of the innermost network and transport. */
const conversations = defineStatistic({
  name: 'conversations',
  title: 'Conversations by bytes',
  taps: ['conv'],
  fields: [],
  create(_registry, { top }) {
    const elapsed = new Elapsed();
    const talks = new Map<string, Talk>();
    let uncounted = 0;
    const sorted = (): Talk[] => [...talks.values()].sort((x, y) => y.bytes[0] + y.bytes[1] - x.bytes[0] - x.bytes[1] || x.first - y.first).slice(0, top);
    return {
      packet(p) {
        const now = elapsed.of(p);
        if (p.ipVersion === 0) return;
        const family = p.ipVersion;
        const bytes = p.row.sources[p.networkSource];
        const proto = p.ipProto === TCP ? 'tcp' : p.ipProto === UDP ? 'udp' : 'ip';
        const src = ipHex(bytes, p.srcAt, family);
        const dst = ipHex(bytes, p.dstAt, family);
        const a = proto === 'ip' ? src : `${src} ${p.srcPort}`;
        const b = proto === 'ip' ? dst : `${dst} ${p.dstPort}`;
        let dir = 0;
        let talk = talks.get(`${proto} ${a} ${b}`);
        if (talk === undefined) {
          talk = talks.get(`${proto} ${b} ${a}`);
          dir = talk === undefined ? 0 : 1;
        }
        if (talk === undefined) {
          if (talks.size >= MAX_TALKS) {
            uncounted++;
            return;
          }
          talk = { proto, a, b, frames: [0, 0], bytes: [0, 0], first: now, last: now };
          talks.set(`${proto} ${a} ${b}`, talk);
        }
        talk.frames[dir]++;
        talk.bytes[dir] += p.wireLen;
        talk.last = Math.max(talk.last, now);
      },
      text() {
        const rows = sorted().map((t) => [t.proto, endText(t.a), endText(t.b), t.frames[0], t.bytes[0], t.frames[1], t.bytes[1], t.first.toFixed(3), (t.last - t.first).toFixed(3)]);
        const full = uncounted === 0 ? '' : `${uncounted} packets of further conversations were not counted: the table was full.\n`;
        return tableText(['', 'a', 'b', 'a->b', 'bytes', 'b->a', 'bytes', 'start', 'seconds'], rows) + full;
      },
      json: () => ({
        uncounted,
        conversations: sorted().map((t) => ({
          proto: t.proto, a: endText(t.a), b: endText(t.b), framesAB: t.frames[0], framesBA: t.frames[1], bytesAB: t.bytes[0], bytesBA: t.bytes[1], start: t.first, duration: t.last - t.first,
        })),
      }),
    };
  },
});
export default conversations;

function endText(key: string): string {
  const [ip, port] = key.split(' ');
  const text = formatIp(ip as IpHex);
  if (port === undefined) return text;
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}
