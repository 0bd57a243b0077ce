// The Community ID of each flow.
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';

const maker: AnswerMaker = {
  answer(corpus, file) {
    const ids = new Set<string>();
    analyzeFileSync(corpus.pathOf(file), { flow: (f) => ids.add(f.communityId), record: () => {} });
    return { file, communityid: [...ids].map((id) => ({ communityid: id })) };
  },
};
export default maker;
