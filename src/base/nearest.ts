/** Levenshtein distance, capped: `limit + 1` where it is larger. */
export function editDistance(a: string, b: string, limit = 4): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return Math.min(previous[b.length], limit + 1);
}

/** The names nearest to a misspelt one, best first; empty where none is near enough to be meant. */
export function nearestNames(name: string, known: Iterable<string>, count = 1): string[] {
  const limit = Math.max(1, Math.min(4, Math.floor(name.length / 3)));
  const wanted = name.toLowerCase();
  const found: { name: string; distance: number }[] = [];
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    // Of two as near, the one that begins as the misspelt name does: first letters are seldom wrong.
    if (distance <= limit) found.push({ name: candidate, distance: distance + (candidate[0]?.toLowerCase() === wanted[0] ? 0 : 0.5) });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, count).map((f) => f.name);
}
