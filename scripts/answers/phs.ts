// Protocol hierarchy: frames and bytes of each path of layers.
import { ProtocolHierarchy } from '../../src/export/protocol-hierarchy.ts';
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const demand = new Demand(registry, [registry.find('frame.protocols')!.id], { track: true });

const maker: AnswerMaker = {
  answer(corpus, file) {
    const hierarchy = new ProtocolHierarchy(registry);
    walkCapture(corpus.pathOf(file), demand, (packet) => hierarchy.add(packet));
    return { file, phs: hierarchy.paths() };
  },
};
export default maker;
