/** Packets by number, as `1-10,15,20-` names them. */
export class PacketNumbers {
  readonly #ranges: readonly (readonly [first: number, last: number])[];

  constructor(ranges: readonly (readonly [number, number])[]) {
    this.#ranges = ranges;
  }

  has(n: number): boolean {
    return this.#ranges.some(([first, last]) => n >= first && n <= last);
  }
}

/** Undefined where the text names no packets. An open range goes on to the end. */
export function parsePacketNumbers(text: string): PacketNumbers | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(/[\s,]+/)) {
    if (part === '') continue;
    const m = /^(\d+)(?:(-)(\d*))?$/.exec(part);
    if (m === null) return undefined;
    const first = Number(m[1]);
    const last = m[2] === undefined ? first : m[3] === '' ? Number.POSITIVE_INFINITY : Number(m[3]);
    if (first < 1 || last < first) return undefined;
    ranges.push([first, last]);
  }
  return ranges.length === 0 ? undefined : new PacketNumbers(ranges);
}
