import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** A place in the configuration file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type KeyPath = readonly (string | number)[];

/** A YAML or JSON text with the places of its keys. JSON is read as YAML 1.2, whose subset it is. */
export interface SourceMap {
  readonly value: unknown;
  /** Mistakes of syntax, with their places. */
  readonly problems: readonly { readonly place: Place; readonly message: string }[];
  /** Where the value of a key begins; the nearest parent that exists where the key is absent. */
  placeOf(path: KeyPath): Place;
  /** Where the key itself stands. */
  placeOfKey(path: KeyPath, key: string): Place;
}

/** Aliases are few in configurations; a bomb of them is refused. */
const MAX_ALIASES = 100;

export function readSource(text: string): SourceMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true, stringKeys: true });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map((e) => ({ place: place(e.pos[0]), message: firstLine(e.message) }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({ place: { line: 1, column: 1 }, message: firstLine((error as Error).message) });
    }
  }
  return {
    value: value ?? (problems.length === 0 ? {} : undefined),
    problems,
    placeOf: (path) => place(offsetOf(document, path)),
    placeOfKey: (path, key) => place(keyOffsetOf(document, path, key) ?? offsetOf(document, path)),
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0].replace(/:$/, '');
}

function nodeAt(document: Document, path: KeyPath): Node | undefined {
  const found = path.length === 0 ? document.contents : document.getIn(path, true);
  return found === null || typeof found !== 'object' ? undefined : (found as Node);
}

function offsetOf(document: Document, path: KeyPath): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    const range = node?.range;
    if (range !== undefined && range !== null && (isScalar(node) || isMap(node) || isSeq(node))) return range[0];
  }
  return 0;
}

function keyOffsetOf(document: Document, path: KeyPath, key: string): number | undefined {
  const map = nodeAt(document, path);
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? undefined) : undefined;
}
