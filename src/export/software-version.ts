/** A program by its name and version, as Zeek's software.log has them. */
export interface SoftwareVersion {
  readonly name: string;
  /** Up to four numbers. */
  readonly numbers: readonly number[];
  /** What follows the numbers: `p1`, `beta`; null where nothing does. */
  readonly addl: string | null;
}

/** Browsers by the word that only they have; those that also call themselves by another's name go first. */
const BROWSERS: readonly (readonly [word: string, name: string])[] = [
  ['Edg', 'Edge'], ['OPR', 'Opera'], ['MSIE', 'MSIE'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Version', 'Safari'],
];
const VERSION = String.raw`[/_ -]v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?([^\s;,()]{0,64})`;
const KNOWN_BROWSERS = BROWSERS.map(([word, name]) => [new RegExp(`\\b${word}${VERSION}`), name] as const);
const PRODUCT = new RegExp(`^([^\\s/_;()]{1,64}?(?: [A-Za-z]{1,32}){0,2})${VERSION}`);

/** Reads what a program says of itself: `OpenSSH_9.6p1`, `nginx/1.24.0`, a browser's User-Agent (RFC 9110 §10.1.5). */
export function parseSoftware(text: string): SoftwareVersion {
  if (text.startsWith('Mozilla/')) {
    for (const [pattern, name] of KNOWN_BROWSERS) {
      const found = pattern.exec(text);
      if (found !== null) return versionOf(name, found, 1);
    }
  }
  const found = PRODUCT.exec(text);
  if (found !== null) return versionOf(found[1], found, 2);
  return { name: /^[^\s/;()]*/.exec(text)![0] || text, numbers: [], addl: null };
}

function versionOf(name: string, found: RegExpExecArray, from: number): SoftwareVersion {
  const numbers = found.slice(from, from + 4).filter((n) => (n as string | undefined) !== undefined).map(Number);
  return { name, numbers, addl: found[from + 4].replace(/^[-_.+]/, '') || null };
}
