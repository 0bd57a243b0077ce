// The application of each conversation, in nDPI's vocabulary.
import { ApplicationNamer } from '../../src/flow/application-namer.ts';
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const TRANSPORT: Readonly<Record<number, string>> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 58: 'ICMPV6', 89: 'OSPF', 112: 'VRRP', 132: 'SCTP' };

const maker: AnswerMaker = {
  answer(corpus, file) {
    const namer = new ApplicationNamer(registry);
    const demand = new Demand(registry, [...namer.fields.map((f) => f.id), registry.find('frame.protocols')!.id], { track: true });
    walkCapture(corpus.pathOf(file), demand, (packet) => namer.packet(packet));
    const flows = [...namer.conversations()].map((c) => {
      const end = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
      return { l4: TRANSPORT[c.proto] ?? String(c.proto), a: end(c.a, c.aPort), b: end(c.b, c.bPort), proto: c.service === null ? c.protocol : `${c.protocol}.${c.service}` };
    });
    return flows.length > 0 ? { file, flows } : undefined;
  },
};
export default maker;
