// Which expressions are accepted, and how many frames they take on the captures that the truth names.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { compileFilter, type Filter } from '../../src/filter/compile-filter.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';
import type { AnswerMaker } from '../score.ts';

const registry = new Registry(protocols);

function compile(text: string): Filter | undefined {
  try {
    return compileFilter(text, registry);
  } catch {
    return undefined;
  }
}

/** Here the "files" are the expressions. */
const maker: AnswerMaker = {
  scorer: 'score_more.py',
  files: (corpus) => readFileSync(path.join(corpus, 'lists/filters-syntax.txt'), 'utf8').split('\n').filter((l) => l !== '' && !l.startsWith('#')),
  answer(corpus, text) {
    const filter = compile(text);
    const counts: Record<string, [number]> = {};
    const [head] = readFileSync(path.join(corpus, 'truth/syntax.jsonl'), 'utf8').split('\n', 1);
    for (const file of filter === undefined ? [] : (JSON.parse(head) as { captures: string[] }).captures) {
      const packet = new Packet(registry, new Demand(registry, filter?.uses ?? []), nodeHost);
      let n = 0;
      const framer = new CaptureFramer((frame) => {
        packet.begin(frame);
        packet.walk();
        if (filter?.matches(packet.row) === true) n++;
      });
      readCaptureSync(path.join(corpus, 'captures', file), framer);
      if (n > 0) counts[file] = [n];
    }
    return { filter: text, ok: filter !== undefined, counts };
  },
};
export default maker;
