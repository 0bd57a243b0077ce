// `npm run fuzz -- [--seconds N] [--seed N] [TARGET...]`: feeds each target with changed copies of its seeds for its share of the
// time. Same seed, same inputs. A finding is written to var/fuzz/TARGET-HASH.bin: make it a named test, then mend the cause.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface FuzzTarget {
  readonly name: string;
  /** Inputs to start from; random bytes where there are none. */
  seeds?(): readonly Uint8Array[];
  /** Throws on a finding. */
  run(bytes: Uint8Array): void;
}

/** Longest that one input may take, milliseconds. */
const SLOW_MS = 2000;

/** Xorshift of 32 bits: the same sequence on every machine. */
function randomFrom(seed: number): (n: number) => number {
  let x = seed | 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/** One changed copy: bytes flipped, set to the edges, cut, doubled, or joined with another seed. */
function mutate(seeds: readonly Uint8Array[], random: (n: number) => number): Uint8Array {
  let bytes = seeds.length > 0 ? seeds[random(seeds.length)].slice() : Uint8Array.from({ length: random(200) }, () => random(256));
  for (let k = random(8); k >= 0; k--) {
    if (bytes.length === 0) break;
    const at = random(bytes.length);
    switch (random(6)) {
      case 0:
        bytes[at] ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes[at] = random(2) === 0 ? 0xff : 0;
        break;
      case 3:
        bytes = bytes.slice(0, at);
        break;
      case 4:
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - random(64)))]);
        break;
      default: {
        const other = seeds.length > 0 ? seeds[random(seeds.length)] : bytes;
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(random(other.length + 1))]);
      }
    }
  }
  return bytes;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
const dir = path.join(import.meta.dirname, 'targets');
const targets: FuzzTarget[] = [];
for (const file of readdirSync(dir).filter((f) => f.endsWith('.ts')).sort()) {
  const target = ((await import(path.join(dir, file))) as { default: FuzzTarget }).default;
  if (positionals.length === 0 || positionals.includes(target.name)) targets.push(target);
}

let findings = 0;
for (const target of targets) {
  const random = randomFrom(Number(values.seed) * 2_654_435_761);
  const seeds = target.seeds?.() ?? [];
  const until = performance.now() + (Number(values.seconds) * 1000) / targets.length;
  let runs = 0;
  let found = 0;
  while (performance.now() < until && found < 5) {
    const input = mutate(seeds, random);
    const started = performance.now();
    let reason: string | undefined;
    try {
      target.run(input);
    } catch (error) {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    if (reason === undefined && performance.now() - started > SLOW_MS) reason = `took ${Math.round(performance.now() - started)} ms`;
    runs++;
    if (reason === undefined) continue;
    found++;
    const out = path.resolve(import.meta.dirname, '../var/fuzz');
    mkdirSync(out, { recursive: true });
    const file = path.join(out, `${target.name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
    writeFileSync(file, input);
    process.stdout.write(`${target.name}: ${path.relative(process.cwd(), file)}\n${reason}\n`);
  }
  findings += found;
  process.stdout.write(`${target.name}: ${runs} inputs, ${found} findings\n`);
}
process.exit(findings > 0 ? 1 : 0);
