// Values and columns of the first 40 frames of each capture, as text.
import { readColumns } from '../../src/export/packet-columns.ts';
import { escapeControls, valueText } from '../../src/export/value-text.ts';
import type { Field } from '../../src/filter/field.ts';
import { Demand } from '../../src/wire/demand.ts';
import type { AnswerMaker } from '../corpus/corpus.ts';
import { registry, walkCapture } from '../corpus/walk-capture.ts';

const FRAMES = 40;
const ALWAYS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols'];

let chosen: { readonly fields: readonly Field[]; readonly demand: Demand } | undefined;
function choose(names: readonly string[]): { readonly fields: readonly Field[]; readonly demand: Demand } {
  const fields = [...new Set([...ALWAYS, ...names])].flatMap((name) => registry.find(name) ?? []);
  return { fields, demand: new Demand(registry, fields.map((f) => f.id), { tree: true }) };
}

const maker: AnswerMaker = {
  answer(corpus, file) {
    const { fields, demand } = (chosen ??= choose(corpus.fields));
    const rows: Record<string, string>[] = [];
    walkCapture(corpus.pathOf(file), demand, (packet) => {
      packet.displayedSeconds = packet.seconds;
      packet.displayedNanos = packet.nanoseconds;
      const row: Record<string, string> = {};
      for (const f of fields) {
        const n = packet.row.count(f.id);
        // Columns of text do not tell an empty text from none.
        const text = Array.from({ length: n }, (_, i) => valueText(packet.row, f, i)).join('|');
        if (text !== '') row[f.name] = escapeControls(text);
      }
      const c = readColumns(packet);
      rows.push(Object.assign(row, { 'col.Source': c.source, 'col.Destination': c.destination, 'col.Protocol': c.protocol, 'col.Info': c.info }));
      return rows.length >= FRAMES ? false : undefined;
    });
    return { file, fields: rows };
  },
};
export default maker;
