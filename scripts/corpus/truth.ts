// The field's own tools' answers about a corpus, cut into the part that may be looked at and the part kept apart.
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Lines of a JSONL file, gzipped or not. */
export function readJsonLines(file: string): Record<string, unknown>[] {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString();
  return text.split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Record<string, unknown>);
}

/** Copies a folder of truth with only those captures whose source folder is kept; lists that name no capture are linked whole. */
export function cutTruth(truth: string, out: string, keep: (folder: string) => boolean): void {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(truth)) {
    const from = path.join(truth, name);
    if (name.endsWith('.jsonl.gz')) {
      const kept = readJsonLines(from).filter((row) => typeof row.file !== 'string' || keep(row.file.split('/')[0]));
      writeFileSync(path.join(out, name), gzipSync(kept.map((row) => `${JSON.stringify(row)}\n`).join(''), { level: 1 }));
    } else if (name.endsWith('.tsv') && name === 'labels.tsv') {
      const [head, ...rows] = readFileSync(from, 'utf8').trimEnd().split('\n');
      writeFileSync(path.join(out, name), `${[head, ...rows.filter((row) => keep(row.split('/')[0]))].join('\n')}\n`);
    } else symlinkSync(from, path.join(out, name));
  }
}
