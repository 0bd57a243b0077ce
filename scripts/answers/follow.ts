// The bytes of each side of the first streams of a capture.
import { createHash, type Hash } from 'node:crypto';
import { StreamFollower } from '../../src/flow/follow.ts';
import { Demand } from '../../src/wire/demand.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';

const demand = new Demand(registry, [registry.find('tcp.stream')!.id, registry.find('udp.stream')!.id], { track: true });
const FIRST = { tcp: 24, udp: 4 } as const;

interface Side {
  length: number;
  hash: Hash;
}

interface Followed {
  readonly sides: [Side, Side];
  segments: number;
  gap: boolean;
}

const side = (): Side => ({ length: 0, hash: createHash('sha256') });

function follower(protocol: 'tcp' | 'udp', followed: Map<number, Followed>): StreamFollower {
  const of = (stream: number): Followed => {
    let f = followed.get(stream);
    if (f === undefined) followed.set(stream, (f = { sides: [side(), side()], segments: 0, gap: false }));
    return f;
  };
  const add = (stream: number, dir: 0 | 1, bytes: Uint8Array): void => {
    const s = of(stream).sides[dir];
    s.length += bytes.length;
    s.hash.update(bytes);
  };
  return new StreamFollower(protocol, (stream) => {
    if (stream >= FIRST[protocol]) return false;
    of(stream);
    return true;
  }, {
    data: (stream, dir, bytes, at, end) => add(stream, dir, bytes.subarray(at, end)),
    gap(stream, dir, length, why) {
      // What the capture cut off a segment is left out there without a word.
      if (why === 'cut') return;
      of(stream).gap = true;
      // Where bytes are missing tshark's output has this text in their place, with the NUL that ends it.
      add(stream, dir, Buffer.from(`[${length} bytes missing in capture file]\0`));
    },
    segment: (stream) => void of(stream).segments++,
  });
}

const maker: AnswerMaker = {
  answer(corpus, file) {
    const tcp = new Map<number, Followed>();
    const udp = new Map<number, Followed>();
    const followers = [follower('tcp', tcp), follower('udp', udp)];
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      for (const f of followers) f.packet(packet);
    });
    const rows = (protocol: string, of: Map<number, Followed>): unknown[] =>
      [...of].map(([stream, f]) => {
        const [a, b] = f.sides.map((s) => [s.length, s.length === 0 ? '' : s.hash.digest('hex').slice(0, 16)]);
        return [protocol, stream, '', '', ...a, ...b, f.segments, f.gap ? 1 : 0];
      });
    return { file, follow: [...rows('tcp', tcp), ...rows('udp', udp)] };
  },
};
export default maker;
