import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';
import type { AnswerMaker } from '../score.ts';

const registry = new Registry(protocols);
const field = registry.find('tls.handshake.ja4')!;

/** JA4 of every ClientHello of a capture; a connection that was asked to retry has two, of which its record keeps the first. */
const ja4: AnswerMaker = {
  scorer: 'score_more.py',
  files: (corpus) =>
    gunzipSync(readFileSync(path.join(corpus, 'truth/peer-ja4.jsonl.gz'))).toString().split('\n').filter((l) => l !== '').map((l) => (JSON.parse(l) as { file: string }).file),
  answer(corpus, file) {
    const values: string[] = [];
    const packet = new Packet(registry, new Demand(registry, [field.id]), nodeHost);
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      for (let i = 0; i < packet.row.count(field.id); i++) values.push(packet.row.text(field.id, i));
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    return { file, ja4: values };
  },
};
export default ja4;
