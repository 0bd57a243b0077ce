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
const notInTree = new Set(['ethertype', 'ipv6.hopopts', 'ipv6.routing', 'ipv6.fraghdr', 'ipv6.dstopts'].map((name) => registry.id(name)));
// Parts of certificates are protocols by name, and stand inside the message that carries them.
for (const [id, d] of registry.dissectors.entries()) if (/^(x509|pkix)/.test(d.name)) notInTree.add(id);
const cutShort = new Set([registry.id('_ws.short'), registry.id('_ws.malformed')]);
const icmp = new Set([registry.id('icmp'), registry.id('icmpv6')]);

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const packet = new Packet(registry, demand, nodeHost);
    const phs: Record<string, [number, number]> = {};
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      let key = '';
      let inIcmp = false;
      for (let i = 0; i < packet.layers.count; i++) {
        if (notInTree.has(packet.layers.id[i]) || (inIcmp && !cutShort.has(packet.layers.id[i]))) continue;
        key += `${i === 0 ? '' : ':'}${registry.dissectors[packet.layers.id[i]].name}`;
        const sum = (phs[key] ??= [0, 0]);
        sum[0]++;
        sum[1] += head.wireLen;
        // What an ICMP message carries stands inside its own part of the tree.
        if (icmp.has(packet.layers.id[i])) inIcmp = true;
      }
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    return { file, phs };
  },
};
export default maker;
