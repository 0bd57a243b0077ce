import { isWord, lineEnd, looksLikeText } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const rsyncFields = defineFields({
  magic: { name: 'rsync.hdr_magic', ...put('string', 'Magic Header') },
  version: { name: 'rsync.hdr_version', ...put('string', 'Header Version') },
  query: { name: 'rsync.query', ...put('string', 'Client Query') },
  response: { name: 'rsync.response', ...put('string', 'Response String') },
  data: { name: 'rsync.data', ...put('bytes', 'rsync data') },
});
const F = rsyncFields;
const PORT = 873;
const MAGIC = '@RSYNCD:';

/** rsync's daemon: greetings and lines of the beginning, then a stream that is not read. */
export default defineDissector({
  name: 'rsync',
  title: 'RSYNC File Synchroniser',
  spec: ['rsyncd.conf(5)'],
  over: { 'tcp.port': [PORT] },
  fields: rsyncFields,
  dissect(p, at, end) {
    const b = p.bytes;
    const line = lineEnd(b, at, end);
    if (isWord(b, at, end, MAGIC)) {
      p.put(F.magic, at, MAGIC.length);
      if (at + MAGIC.length + 1 < end) p.put(F.version, at + MAGIC.length + 1, end - at - MAGIC.length - 1);
    } else if (line < end && looksLikeText(b, at, end)) p.put(p.dstPort === PORT ? F.query : F.response, at, end - at);
    else p.put(F.data, at, end - at);
    return DONE;
  },
});
