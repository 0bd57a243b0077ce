import { RE2JS } from 're2js';

/** What `matches` needs of a regular expression: whether it occurs anywhere in a text. */
export interface Pattern {
  test(text: string): boolean;
}

/** Compiles the patterns of `matches`. */
export interface RegexEngine {
  /** Case-insensitive unless the pattern says `(?-i)`. Throws an Error whose message is the reason. */
  compile(pattern: string): Pattern;
}

/** Patterns longer than this are refused: compiled size is a multiple of it. */
const MAX_PATTERN_CHARS = 4096;

/**
 * RE2's semantics through re2js: time linear in the text, so that no pattern can stall a capture. It lacks backreferences and
 * lookaround for the same reason.
 *
 * re2js is plain JavaScript without I/O, clock or randomness, so pure code may import it; an engine can still be handed in
 * (the fuzz target and the tests of the compiler do).
 */
export const re2Engine: RegexEngine = {
  compile(pattern: string): Pattern {
    if (pattern.length > MAX_PATTERN_CHARS) throw new Error(`the pattern is longer than ${MAX_PATTERN_CHARS} characters`);
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return { test: (text) => compiled.test(text) };
  },
};
