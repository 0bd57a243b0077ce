// JA4 of every ClientHello of a capture.
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const field = registry.find('tls.handshake.ja4')!;
const demand = new Demand(registry, [field.id]);

const maker: AnswerMaker = {
  answer(corpus, file) {
    const values: string[] = [];
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      for (let i = 0; i < packet.row.count(field.id); i++) values.push(packet.row.text(field.id, i));
    });
    return { file, ja4: values };
  },
};
export default maker;
