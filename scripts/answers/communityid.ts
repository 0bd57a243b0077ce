import { readFileSync } from 'node:fs';
import path from 'node:path';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import type { AnswerMaker } from '../score.ts';

function capturesOf(corpus: string): string[] {
  const lines = readFileSync(path.join(corpus, 'captures.tsv'), 'utf8').split('\n').map((line) => line.split('\t'));
  return lines.filter((cells) => cells[6] === 'capture').map((cells) => cells[0]);
}

const communityid: AnswerMaker = {
  scorer: 'score_more.py',
  // The specification's own captures: only they have a baseline.
  files: (corpus) => capturesOf(corpus).filter((file) => file.startsWith('corelight+community-id-spec/')),
  answer(corpus, file) {
    const ids = new Set<string>();
    analyzeFileSync(path.join(corpus, 'captures', file), { flow: (f) => ids.add(f.communityId), record: () => {} });
    return { file, communityid: [...ids].map((id) => ({ communityid: id })) };
  },
};
export default communityid;
