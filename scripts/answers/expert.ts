// Expert information: how often each oddity was noted, by severity, group and protocol.
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const SEVERITIES = { error: 'Errors', warn: 'Warns', note: 'Notes', chat: 'Chats' } as const;
const demand = new Demand(registry, [], { experts: true });

const maker: AnswerMaker = {
  answer(corpus, file) {
    const counts = new Map<string, number>();
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      for (const note of packet.notes) {
        const protocol = registry.dissectors[registry.id(note.protocol)].short;
        const key = `${SEVERITIES[note.severity]}\0${note.group.charAt(0).toUpperCase()}${note.group.slice(1)}\0${protocol}\0${note.name}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    });
    const expert = [...counts].map(([key, n]) => {
      const [severity, group, protocol, name] = key.split('\0');
      return [severity, n, group, protocol, name];
    });
    return expert.length > 0 ? { file, expert } : undefined;
  },
};
export default maker;
