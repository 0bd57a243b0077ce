// Protocol hierarchy: frames and bytes of each path of layers.
import type { AnswerMaker } from '../corpus/corpus.ts';
import { Demand } from '../../src/wire/demand.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const demand = new Demand(registry, [registry.find('frame.protocols')!.id], { track: true });
const notInTree = new Set(['ethertype', 'ipv6.hopopts', 'ipv6.routing', 'ipv6.fraghdr', 'ipv6.dstopts'].map((name) => registry.id(name)));
// Parts of certificates are protocols by name, and stand inside the message that carries them.
for (const [id, d] of registry.dissectors.entries()) if (d.hierarchy === 'inside' || /^(x509|pkix)/.test(d.name)) notInTree.add(id);
const cutShort = new Set([registry.id('_ws.short'), registry.id('_ws.malformed')]);
const icmp = new Set([registry.id('icmp'), registry.id('icmpv6')]);

const maker: AnswerMaker = {
  answer(corpus, file) {
    const phs: Record<string, [number, number]> = {};
    walkCapture(corpus.pathOf(file), demand, (packet, head) => {
      let key = '';
      let inIcmp = false;
      for (let i = 0; i < packet.layers.count; i++) {
        if (notInTree.has(packet.layers.id[i]) || (inIcmp && !cutShort.has(packet.layers.id[i]))) continue;
        key += `${i === 0 ? '' : ':'}${registry.dissectors[packet.layers.id[i]].shownAs}`;
        const sum = (phs[key] ??= [0, 0]);
        sum[0]++;
        sum[1] += head.wireLen;
        // What an ICMP message carries stands inside its own part of the tree.
        if (icmp.has(packet.layers.id[i])) inIcmp = true;
      }
    });
    return { file, phs };
  },
};
export default maker;
