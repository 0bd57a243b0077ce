// Values and columns of the first 40 frames of each capture, as text.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { readColumns } from '../../src/export/packet-columns.ts';
import { valueText } from '../../src/export/value-text.ts';
import type { Field } from '../../src/filter/field.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';
import type { AnswerMaker } from '../score.ts';

const FRAMES = 40;
const registry = new Registry(protocols);

let chosen: Field[] | undefined;
function fields(corpus: string): Field[] {
  const names = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols', ...readFileSync(path.join(corpus, 'lists/fields.txt'), 'utf8').split('\n')];
  chosen ??= names.flatMap((name) => registry.find(name) ?? []);
  return chosen;
}

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const wanted = fields(corpus);
    const packet = new Packet(registry, new Demand(registry, wanted.map((f) => f.id), { tree: true }), nodeHost);
    const rows: Record<string, string>[] = [];
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      packet.displayedSeconds = packet.seconds;
      packet.displayedNanos = packet.nanoseconds;
      const row: Record<string, string> = {};
      for (const f of wanted) {
        const n = packet.row.count(f.id);
        if (n > 0) row[f.name] = Array.from({ length: n }, (_, i) => valueText(packet.row, f, i)).join('|');
      }
      const c = readColumns(packet);
      rows.push(Object.assign(row, { 'col.Source': c.source, 'col.Destination': c.destination, 'col.Protocol': c.protocol, 'col.Info': c.info }));
      if (rows.length >= FRAMES) framer.stop();
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    return { file, fields: rows };
  },
};
export default maker;
