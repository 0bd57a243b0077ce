// Conversations of TCP and UDP with their streams, frames and bytes each way, begin and duration.
import path from 'node:path';
import type { AnswerMaker } from '../score.ts';
import { formatIp, ipHex } from '../../src/base/ip.ts';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const registry = new Registry(protocols);
const demand = new Demand(registry, [registry.find('tcp.stream')!.id, registry.find('udp.stream')!.id], { track: true });
const MOST = 400;

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
  scorer: 'score.py',
  answer(corpus, file) {
    const packet = new Packet(registry, demand, nodeHost);
    const conversations = { tcp: new Map<number, Conversation>(), udp: new Map<number, Conversation>() };
    let start: [number, number] | undefined;
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      start ??= [head.seconds, head.nanoseconds];
      for (const kind of ['tcp', 'udp'] as const) {
        const field = registry.find(`${kind}.stream`)!.id;
        if (packet.row.count(field) === 0) continue;
        const stream = packet.row.num(field, packet.row.count(field) - 1);
        const bytes = packet.row.sources[packet.networkSource];
        const family = packet.ipVersion === 4 ? 4 : 6;
        const a = `${formatIp(ipHex(bytes, packet.srcAt, family))}:${packet.srcPort}`;
        const b = `${formatIp(ipHex(bytes, packet.dstAt, family))}:${packet.dstPort}`;
        let c = conversations[kind].get(stream);
        if (c === undefined) {
          c = { stream, a, b, frames: [0, 0], bytes: [0, 0], first: [head.seconds, head.nanoseconds], last: [0, 0] };
          conversations[kind].set(stream, c);
        }
        const dir = c.a === a && c.b === b ? 0 : 1;
        c.frames[dir]++;
        c.bytes[dir] += head.wireLen;
        c.last = [head.seconds, head.nanoseconds];
      }
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    const span = (from: [number, number], to: [number, number]): number => to[0] - from[0] + (to[1] - from[1]) / 1e9;
    const rows = (kind: 'tcp' | 'udp'): unknown[] =>
      [...conversations[kind].values()].slice(0, MOST).map((c) => [c.stream, c.a, c.b, c.frames[0], c.frames[1], c.bytes[0], c.bytes[1], span(start!, c.first), span(c.first, c.last)]);
    return { file, conv: { tcp: rows('tcp'), udp: rows('udp') } };
  },
};
export default maker;
