// Frames, bytes, first and last time, conversations.
import { Demand } from '../../src/wire/demand.ts';
import { secondsText } from '../../src/wire/field-text.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const demand = new Demand(registry, [], { track: true });

const maker: AnswerMaker = {
  answer(corpus, file) {
    let frames = 0;
    let bytes = 0;
    let start: number | null = null;
    let end: number | null = null;
    const packet = walkCapture(corpus.pathOf(file), demand, (_, head) => {
      frames++;
      bytes += head.wireLen;
      const time = Number(secondsText(head.seconds, head.nanoseconds));
      if (start === null || time < start) start = time;
      if (end === null || time > end) end = time;
    });
    const c = packet.trackers.conversations;
    return { file, frames, bytes, start, end, nconv: { tcp: c.streams(6), udp: c.streams(17) } };
  },
};
export default maker;
