// Which expressions are accepted, and how many frames they take on the captures that the list names.
import { compileFilter, type Filter } from '../../src/filter/compile-filter.ts';
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

function compile(text: string): Filter | undefined {
  try {
    return compileFilter(text, registry);
  } catch {
    return undefined;
  }
}

/** Here the subjects are the expressions. */
const maker: AnswerMaker = {
  subjects: (corpus) => corpus.syntax,
  answer(corpus, text) {
    const filter = compile(text);
    const counts: Record<string, [number]> = {};
    if (filter === undefined) return { filter: text, ok: false, counts };
    const demand = new Demand(registry, filter.uses);
    for (const file of corpus.syntaxCaptures) {
      let n = 0;
      walkCapture(corpus.pathOf(file), demand, (packet) => {
        if (filter.matches(packet.row)) n++;
      });
      if (n > 0) counts[file] = [n];
    }
    return { filter: text, ok: true, counts };
  },
};
export default maker;
