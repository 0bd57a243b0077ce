// Files that the conversations of a capture carried: protocol, name, length and digest of each.
import { createHash } from 'node:crypto';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';

/** The score's name of a source of files; others are not asked about. */
const PROTOCOL: Readonly<Record<string, string>> = { http: 'http', smtp: 'imf', pop3: 'imf', imap: 'imf', 'ftp-data': 'ftp-data', tftp: 'tftp', smb: 'smb' };

const maker: AnswerMaker = {
  answer(corpus, file) {
    const objects: [string, string, number, string][] = [];
    analyzeFileSync(corpus.pathOf(file), { flow: () => {}, record: () => {} }, {
      files: {
        digests: [],
        content(record, bytes) {
          const protocol = PROTOCOL[record.source];
          // Listings of folders are no files.
          if (protocol === undefined || (protocol === 'ftp-data' && record.name === null) || record.depth > 0 || !record.complete || bytes.length === 0) return;
          objects.push([protocol, record.name ?? '', bytes.length, createHash('sha256').update(bytes).digest('hex').slice(0, 16)]);
        },
      },
    });
    return objects.length > 0 ? { file, objects } : undefined;
  },
};
export default maker;
