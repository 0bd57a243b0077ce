import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import type { Statistic, StatisticOptions, StatisticRun } from '../export/define-statistic.ts';
import { statistics } from '../export/statistics.generated.ts';
import type { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';

/** The order in which people read them; what is not here comes last. */
const ORDER = ['hierarchy', 'conversations', 'endpoints', 'lengths', 'io', 'srt', 'http', 'dns', 'expert', 'flow'];

/** All statistics, in reading order. */
export function allStatistics(): Statistic[] {
  const place = (s: Statistic): number => (ORDER.indexOf(s.name) + ORDER.length + 1) % (ORDER.length + 1);
  return [...statistics].sort((a, b) => place(a) - place(b));
}

/** Those named, by our name or by tshark's `-z` name (whose arguments are passed over); all that need no asking where none is. */
export function chooseStatistics(names: readonly string[]): Statistic[] {
  const all = allStatistics();
  if (names.length === 0) return all.filter((s) => s.onlyOnDemand !== true);
  return names.map((name) => {
    const found = all.find((s) => s.name === name || s.taps.some((tap) => name === tap || name.startsWith(`${tap},`)));
    if (found === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no statistic ${name}`, { remedy: `they are ${all.map((s) => s.name).join(', ')}; tshark's names are understood too: ${all.flatMap((s) => s.taps.slice(0, 1)).join('; ')}` });
    return found;
  });
}

/** The statistics of one pass over a capture. */
export class StatisticsPass {
  readonly #chosen: readonly { readonly statistic: Statistic; readonly run: StatisticRun }[];
  readonly fields: readonly number[];
  readonly experts: boolean;
  readonly tree: boolean;

  constructor(chosen: readonly Statistic[], registry: Registry, options: StatisticOptions) {
    this.#chosen = chosen.map((statistic) => ({ statistic, run: statistic.create(registry, options) }));
    this.fields = chosen.flatMap((s) => s.fields).flatMap((name) => registry.find(name)?.id ?? []);
    this.experts = chosen.some((s) => s.experts === true);
    this.tree = chosen.some((s) => s.tree === true);
  }

  packet(p: Packet): void {
    for (const { run } of this.#chosen) run.packet(p);
  }

  text(): string {
    let out = '';
    for (const { statistic, run } of this.#chosen) {
      const text = run.text();
      if (text !== '') out += `\n${statistic.title}\n${text}`;
    }
    return out;
  }

  json(): Record<string, unknown> {
    return Object.fromEntries(this.#chosen.map(({ statistic, run }) => [statistic.name, run.json()]));
  }

  /** Writes a picture of each statistic that has one into a folder; returns their paths. */
  writePictures(folder: string): string[] {
    mkdirSync(folder, { recursive: true });
    return this.#chosen.flatMap(({ statistic, run }) => {
      if (run.svg === undefined) return [];
      const file = path.join(folder, `${statistic.name}.svg`);
      writeFileSync(file, run.svg());
      return [file];
    });
  }
}
