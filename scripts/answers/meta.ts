// Frames, bytes, first and last time, conversations.
import path from 'node:path';
import type { AnswerMaker } from '../score.ts';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { secondsText } from '../../src/wire/field-text.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const registry = new Registry(protocols);

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const packet = new Packet(registry, new Demand(registry, [], { track: true }), nodeHost);
    let bytes = 0;
    let start: number | null = null;
    let end: number | null = null;
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      bytes += head.wireLen;
      const time = Number(secondsText(head.seconds, head.nanoseconds));
      if (start === null || time < start) start = time;
      if (end === null || time > end) end = time;
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    const c = packet.trackers.conversations;
    return { file, frames: framer.packets, bytes, start, end, nconv: { tcp: c.streams(6), udp: c.streams(17) } };
  },
};
export default maker;
