import path from 'node:path';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import type { AnswerMaker } from '../score.ts';

const communityid: AnswerMaker = {
  scorer: 'score_more.py',
  answer(corpus, file) {
    if (!file.startsWith('corelight+')) return undefined;
    const ids = new Set<string>();
    analyzeFileSync(path.join(corpus, 'captures', file), { flow: (f) => ids.add(f.communityId), record: () => {} });
    return { file, communityid: [...ids].map((id) => ({ communityid: id })) };
  },
};
export default communityid;
