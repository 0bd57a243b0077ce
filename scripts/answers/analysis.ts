// The tcp.analysis flags: for each, the frames that carry it.
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const FLAGS = [
  'retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment', 'ack_lost_segment', 'duplicate_ack', 'window_update',
  'window_full', 'zero_window', 'zero_window_probe', 'zero_window_probe_ack', 'keep_alive', 'keep_alive_ack', 'reused_ports',
];
const ids = FLAGS.map((flag) => registry.find(`tcp.analysis.${flag}`)!.id);
const demand = new Demand(registry, ids);

const maker: AnswerMaker = {
  answer(corpus, file) {
    const frames = FLAGS.map((): number[] => []);
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      for (const [i, id] of ids.entries()) if (packet.row.count(id) > 0) frames[i].push(packet.frame);
    });
    const analysis = Object.fromEntries(FLAGS.map((flag, i) => [flag, [frames[i].length, frames[i].join(',')]] as const).filter(([, [n]]) => (n as number) > 0));
    return Object.keys(analysis).length > 0 ? { file, analysis } : undefined;
  },
};
export default maker;
