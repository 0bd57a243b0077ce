import type { PathHop, PathTrace } from '../../model/index.ts';

/** One hop of two paths, side by side. */
export interface HopDifference {
  readonly ttl: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface PathDifference {
  readonly same: boolean;
  /** First hop at which the two have no responder in common; null where there is none. Silence is not a difference. */
  readonly divergesAt: number | null;
  readonly hops: readonly HopDifference[];
  readonly reachedBefore: boolean;
  readonly reachedAfter: boolean;
  /** For people. */
  readonly summary: string;
}

/** `192.0.2.1 198.51.100.1|198.51.100.2 * 203.0.113.9`: responders in order, silence as `*`. Equal paths have equal identities. */
export function pathIdentity(hops: readonly PathHop[]): string {
  return hops.map((h) => (h.addresses.length === 0 ? '*' : [...h.addresses].sort().join('|'))).join(' ');
}

/** Compares two traces of one target: where do they part? */
export function comparePaths(before: PathTrace, after: PathTrace): PathDifference {
  const length = Math.max(before.hops.length, after.hops.length);
  const hops: HopDifference[] = [];
  let divergesAt: number | null = null;
  for (let i = 0; i < length; i++) {
    const a = before.hops[i]?.addresses ?? [];
    const b = after.hops[i]?.addresses ?? [];
    hops.push({ ttl: i + 1, before: a, after: b });
    if (divergesAt === null && a.length > 0 && b.length > 0 && !a.some((x) => b.includes(x))) divergesAt = i + 1;
  }
  const lastHeard = after.hops.findLast((h) => h.addresses.length > 0);
  const summary =
    before.reached && !after.reached
      ? `The path breaks off after ${lastHeard === undefined ? 'the first hop' : `hop ${lastHeard.ttl} (${lastHeard.addresses.join(', ')})`}; before, it reached the target in ${before.hops.length} hops.`
      : divergesAt === null
        ? `The path is the same (${after.hops.length} hops).`
        : `The path changed at hop ${divergesAt}: ${hops[divergesAt - 1].before.join(', ')} became ${hops[divergesAt - 1].after.join(', ')}.`;
  return { same: divergesAt === null && before.reached === after.reached, divergesAt, hops, reachedBefore: before.reached, reachedAfter: after.reached, summary };
}
