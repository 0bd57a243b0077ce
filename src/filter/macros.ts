import { filterError } from './filter-error.ts';

/** Expansions that one filter may take, and the length that it may reach: a macro may call itself. */
const MAX_EXPANSIONS = 64;
const MAX_EXPANDED_CHARS = 65_536;

/**
 * Replaces `$name(a, b)` and `${name:a;b}` by the text of the macro, its `$1`, `$2` by the arguments; again until none is left.
 *
 * `${field}` and `$field` without arguments stay: they are references. Throws WW_FILTER_SYNTAX for an unknown macro, a missing
 * argument, or an expansion without end. A quoted text is left alone.
 */
export function expandMacros(text: string, macros: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  let current = text;
  for (let n = 0; ; n++) {
    const call = findCall(current, macros);
    if (call === undefined) return current;
    const body = macros.get(call.name);
    if (body === undefined) {
      throw filterError('WW_FILTER_SYNTAX', `Macro "${call.name}" does not exist.`, current, call,
        macros.size > 0 ? `There are ${[...macros.keys()].join(', ')}.` : 'No macros are defined.');
    }
    if (n >= MAX_EXPANSIONS || current.length > MAX_EXPANDED_CHARS) {
      throw filterError('WW_FILTER_SYNTAX', `Macro "${call.name}" expands without end.`, text, { at: 0, len: 1 });
    }
    const expanded = body.replaceAll(/\$(\d)/g, (_, digit: string) => {
      const argument = call.args[Number(digit) - 1];
      if (argument === undefined) throw filterError('WW_FILTER_SYNTAX', `Macro "${call.name}" needs argument ${digit}.`, current, call);
      return argument;
    });
    current = current.slice(0, call.at) + expanded + current.slice(call.at + call.len);
  }
}

interface MacroCall {
  name: string;
  args: string[];
  at: number;
  len: number;
}

function findCall(text: string, macros: ReadonlyMap<string, string>): MacroCall | undefined {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      const raw = i > 0 && /[rR]/.test(text[i - 1]);
      i++;
      while (i < text.length && text[i] !== '"') i += text[i] === '\\' && (!raw || text[i + 1] === '"') ? 2 : 1;
      continue;
    }
    if (text[i] !== '$') continue;
    const rest = text.slice(i);
    const braces = /^\$\{\s*([A-Za-z_]\w*)\s*(?::([^}]*))?\}/.exec(rest);
    if (braces !== null && (braces[2] !== undefined || macros.has(braces[1]))) {
      return { name: braces[1], args: splitArguments(braces[2] ?? '', ';'), at: i, len: braces[0].length };
    }
    const call = /^\$([A-Za-z_]\w*)\(([^)]*)\)/.exec(rest);
    if (call !== null) return { name: call[1], args: splitArguments(call[2], ','), at: i, len: call[0].length };
  }
  return undefined;
}

function splitArguments(text: string, separator: string): string[] {
  return text.trim() === '' ? [] : text.split(separator).map((a) => a.trim());
}
