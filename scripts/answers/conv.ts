// Conversations of TCP and UDP with their streams, frames and bytes each way, begin and duration.
import type { AnswerMaker } from '../corpus/corpus.ts';
import { Demand } from '../../src/wire/demand.ts';
import { ipv4Text, ipv6Text } from '../../src/wire/field-text.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const MOST = 400;
const ids = {
  tcp: { stream: registry.find('tcp.stream')!.id, src: registry.find('tcp.srcport')!.id, dst: registry.find('tcp.dstport')!.id },
  udp: { stream: registry.find('udp.stream')!.id, src: registry.find('udp.srcport')!.id, dst: registry.find('udp.dstport')!.id },
};
const demand = new Demand(registry, [ids.tcp, ids.udp].flatMap((x) => Object.values(x)), { track: true });

function span(from: [number, number], to: [number, number]): number {
  return to[0] - from[0] + (to[1] - from[1]) / 1e9;
}

interface Conversation {
  stream: number;
  a: string;
  b: string;
  frames: [number, number];
  bytes: [number, number];
  first: [number, number];
  last: [number, number];
}

const maker: AnswerMaker = {
  answer(corpus, file) {
    const conversations = { tcp: new Map<number, Conversation>(), udp: new Map<number, Conversation>() };
    let start: [number, number] | undefined;
    walkCapture(corpus.pathOf(file), demand, (packet, head) => {
      start ??= [head.seconds, head.nanoseconds];
      for (const kind of ['tcp', 'udp'] as const) {
        const n = packet.row.count(ids[kind].stream);
        if (n === 0) continue;
        const bytes = packet.row.sources[packet.networkSource];
        const address = (at: number): string => (packet.ipVersion === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at));
        for (let i = 0; i < n; i++) {
          const stream = packet.row.num(ids[kind].stream, i);
          const a = `${address(packet.srcAt)}:${packet.row.num(ids[kind].src, i)}`;
          const b = `${address(packet.dstAt)}:${packet.row.num(ids[kind].dst, i)}`;
          let c = conversations[kind].get(stream);
          if (c === undefined) {
            c = { stream, a, b, frames: [0, 0], bytes: [0, 0], first: [head.seconds, head.nanoseconds], last: [head.seconds, head.nanoseconds] };
            conversations[kind].set(stream, c);
          }
          const dir = c.a === a && c.b === b ? 0 : 1;
          c.frames[dir]++;
          c.bytes[dir] += head.wireLen;
          const now: [number, number] = [head.seconds, head.nanoseconds];
          if (span(c.first, now) < 0) c.first = now;
          if (span(c.last, now) > 0) c.last = now;
        }
      }
    });
    const rows = (kind: 'tcp' | 'udp'): unknown[] =>
      [...conversations[kind].values()].slice(0, MOST).map((c) => [c.stream, c.a, c.b, c.frames[0], c.frames[1], c.bytes[0], c.bytes[1], span(start!, c.first), span(c.first, c.last)]);
    return { file, conv: { tcp: rows('tcp'), udp: rows('udp') } };
  },
};
export default maker;
