// Protocol hierarchy: frames and bytes of each path of layers.
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
const demand = new Demand(registry, [registry.find('frame.protocols')!.id], { track: true });
const ethertype = registry.id('ethertype');

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const packet = new Packet(registry, demand, nodeHost);
    const phs: Record<string, [number, number]> = {};
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      let key = '';
      for (let i = 0; i < packet.layerCount; i++) {
        if (packet.layerId[i] === ethertype) continue;
        key += `${i === 0 ? '' : ':'}${registry.dissectors[packet.layerId[i]].name}`;
        const sum = (phs[key] ??= [0, 0]);
        sum[0]++;
        sum[1] += head.wireLen;
      }
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    return { file, phs };
  },
};
export default maker;
