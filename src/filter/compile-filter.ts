import { checkFilter } from './check.ts';
import { compileTest } from './compile.ts';
import type { Field, Scheme } from './field.ts';
import { filterError } from './filter-error.ts';
import { operandFields } from './load.ts';
import { expandMacros } from './macros.ts';
import { parseFilter } from './parser.ts';
import { re2Engine, type RegexEngine } from './regex.ts';
import type { CompiledFilter, FieldRow } from './row.ts';
import type { Test } from './typed.ts';

export interface FilterOptions {
  /** Named filters with arguments `$1`, `$2`: `$name(a, b)` or `${name:a;b}` becomes their text. */
  readonly macros?: ReadonlyMap<string, string>;
  /** The packet at hand: `${frame.number}` is its value. Without one, comparisons with references are false. */
  readonly selected?: FieldRow;
  readonly regex?: RegexEngine;
}

/** A compiled filter with its checked form, from which a store builds its query. */
export interface Filter extends CompiledFilter {
  readonly test: Test;
  readonly fields: readonly Field[];
}

/**
 * Compiles a display filter: Wireshark's language over the fields of `scheme`.
 *
 * An empty text matches everything. Throws WirewatchError WW_FILTER_SYNTAX, WW_FILTER_FIELD or WW_FILTER_TYPE, with the text and a
 * caret under the place in `where`.
 */
export function compileFilter(text: string, scheme: Scheme, options: FilterOptions = {}): Filter {
  const regex = options.regex ?? re2Engine;
  const expanded = expandMacros(text, options.macros ?? new Map());
  if (expanded.trim() === '') {
    return { text, uses: [], fields: [], test: { kind: 'and', left: EVERYTHING, right: EVERYTHING }, matches: () => true };
  }
  const test = checkFilter(parseFilter(expanded), scheme, expanded);
  checkPatterns(test, regex, expanded);
  const fields = fieldsOf(test);
  const matches = compileTest(test, { regex, selected: options.selected });
  return { text, uses: fields.map((f) => f.id), fields, test, matches };
}

const EVERYTHING: Test = { kind: 'exists', of: { kind: 'constant', type: 'none', value: 1, prefix: null } };

/** A bad pattern is the operator's mistake: told with a caret, before anything runs. */
function checkPatterns(t: Test, regex: RegexEngine, text: string): void {
  switch (t.kind) {
    case 'and': case 'or': case 'xor':
      checkPatterns(t.left, regex, text);
      checkPatterns(t.right, regex, text);
      break;
    case 'not':
      checkPatterns(t.of, regex, text);
      break;
    case 'matches':
      try {
        regex.compile(t.pattern);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const unsupported = /\(\?[=!<]|\\[1-9]/.test(t.pattern);
        throw filterError('WW_FILTER_SYNTAX', `Regular expression error: ${reason}`, text, t.span,
          unsupported ? 'Lookaround and backreferences are not supported: patterns run in linear time (RE2).' : undefined);
      }
      break;
    default:
      break;
  }
}

function fieldsOf(test: Test): Field[] {
  const found = new Set<Field>();
  const add = (f: Field): void => void found.add(f);
  const walk = (t: Test): void => {
    switch (t.kind) {
      case 'and': case 'or': case 'xor':
        walk(t.left);
        walk(t.right);
        break;
      case 'not':
        walk(t.of);
        break;
      case 'exists': case 'nonzero':
        operandFields(t.of, add);
        break;
      case 'compare':
        operandFields(t.left, add);
        operandFields(t.right, add);
        break;
      case 'matches':
        operandFields(t.left, add);
        break;
      case 'member':
        operandFields(t.value, add);
        for (const e of t.elements) {
          operandFields(e.low, add);
          if (e.high !== null) operandFields(e.high, add);
        }
        break;
    }
  };
  walk(test);
  return [...found];
}
