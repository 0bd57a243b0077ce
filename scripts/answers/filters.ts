// Which frames each filter of the list takes, in one pass a capture.
import { compileFilter, type Filter } from '../../src/filter/compile-filter.ts';
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker, Corpus } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

/** The filters that compile; those that name a field of a protocol that we lack are left out. */
let compiled: { readonly filters: readonly Filter[]; readonly demand: Demand } | undefined;
function compile(texts: readonly string[]): { readonly filters: readonly Filter[]; readonly demand: Demand } {
  const filters = texts.flatMap((text) => {
    try {
      return [compileFilter(text, registry)];
    } catch {
      return [];
    }
  });
  return { filters, demand: new Demand(registry, new Set(filters.flatMap((f) => [...f.uses]))) };
}

const maker: AnswerMaker = {
  answer(corpus: Corpus, file) {
    const { filters, demand } = (compiled ??= compile(corpus.filters));
    const frames: number[][] = filters.map(() => []);
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      for (let i = 0; i < filters.length; i++) if (filters[i].matches(packet.row)) frames[i].push(packet.frame);
    });
    const found: Record<string, [number, string]> = {};
    for (const [i, f] of filters.entries()) if (frames[i].length > 0) found[f.text] = [frames[i].length, frames[i].join(',')];
    return { file, filters: found };
  },
};
export default maker;
