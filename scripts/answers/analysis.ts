// The tcp.analysis flags: for each, the frames that carry it.
import path from 'node:path';
import type { AnswerMaker } from '../score.ts';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const registry = new Registry(protocols);
const FLAGS = [
  'retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment', 'ack_lost_segment', 'duplicate_ack', 'window_update',
  'window_full', 'zero_window', 'zero_window_probe', 'zero_window_probe_ack', 'keep_alive', 'keep_alive_ack', 'reused_ports',
];
const ids = FLAGS.map((flag) => registry.find(`tcp.analysis.${flag}`)!.id);
const demand = new Demand(registry, ids);

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const packet = new Packet(registry, demand, nodeHost);
    const frames = FLAGS.map((): number[] => []);
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      for (const [i, id] of ids.entries()) if (packet.row.count(id) > 0) frames[i].push(packet.frame);
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    const analysis = Object.fromEntries(FLAGS.map((flag, i) => [flag, [frames[i].length, frames[i].join(',')]] as const).filter(([, [n]]) => (n as number) > 0));
    return Object.keys(analysis).length > 0 ? { file, analysis } : undefined;
  },
};
export default maker;
