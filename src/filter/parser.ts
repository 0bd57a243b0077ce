import type { ArithmeticOp, CompareNode, CompareOp, ExprNode, MemberElement, Quantifier, ValueNode } from './ast.ts';
import { filterError } from './filter-error.ts';
import { lex, type Token } from './lexer.ts';
import { parseRanges } from './ranges.ts';

const COMPARISONS: Readonly<Record<string, CompareOp>> = {
  '==': 'any_eq', eq: 'any_eq', any_eq: 'any_eq', '!=': 'all_ne', ne: 'all_ne', all_ne: 'all_ne',
  '===': 'all_eq', all_eq: 'all_eq', '!==': 'any_ne', any_ne: 'any_ne', '~=': 'any_ne',
  '>': 'gt', gt: 'gt', '>=': 'ge', ge: 'ge', '<': 'lt', lt: 'lt', '<=': 'le', le: 'le',
  contains: 'contains', matches: 'matches', '~': 'matches',
};
const WORD_OPERATORS = new Set([
  'and', 'or', 'xor', 'not', 'in', 'bitwise_and', 'any', 'all', ...Object.keys(COMPARISONS).filter((k) => /^[a-z]/.test(k)),
]);

/** Nesting that a filter may have; the checks behind it recurse as deep. */
export const MAX_DEPTH = 100;
/** Comparisons and tests that one filter may have. */
const MAX_TERMS = 4096;

/**
 * Parses a display filter.
 *
 * Precedence, low to high: `or`, `xor`, `and`, `not`, comparison (chained: `a < b <= c`), `&`, `+ -`, `* / %`, unary sign.
 * Parentheses group logic, braces group arithmetic. Throws WW_FILTER_SYNTAX.
 */
export function parseFilter(text: string): ExprNode {
  return new Parser(text).filter();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #terms = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lex(text);
  }

  filter(): ExprNode {
    const expr = this.#or();
    if (this.#peek().kind !== 'end') this.#unexpected();
    return expr;
  }

  #peek(): Token {
    return this.#tokens[this.#next];
  }

  #unexpected(remedy?: string): never {
    const t = this.#peek();
    if (t.kind === 'end') throw filterError('WW_FILTER_SYNTAX', 'Unexpected end of filter expression.', this.#text, t, remedy);
    const shown = this.#text.slice(t.at, t.at + t.len);
    const upper = t.kind === 'word' && !WORD_OPERATORS.has(t.value) && WORD_OPERATORS.has(t.value.toLowerCase()) ? `Operators are in lower case: "${t.value.toLowerCase()}".` : undefined;
    throw filterError('WW_FILTER_SYNTAX', `"${shown}" was unexpected in this context.`, this.#text, t, remedy ?? upper);
  }

  /** Takes the next token if it is one of these operators, written as a sign or as a word. */
  #take(...spellings: string[]): Token | undefined {
    const t = this.#peek();
    if ((t.kind !== 'op' && t.kind !== 'word') || !spellings.includes(t.value)) return undefined;
    this.#next++;
    return t;
  }

  #need(spelling: string, reason?: string): Token {
    const t = this.#take(spelling);
    if (t === undefined) this.#unexpected(reason ?? `"${spelling}" is missing here.`);
    return t;
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) {
      throw filterError('WW_FILTER_SYNTAX', `The filter nests more than ${MAX_DEPTH} levels.`, this.#text, this.#peek());
    }
  }

  #term(): void {
    if (++this.#terms > MAX_TERMS) {
      throw filterError('WW_FILTER_SYNTAX', `The filter has more than ${MAX_TERMS} terms.`, this.#text, this.#peek());
    }
  }

  #or(): ExprNode {
    return this.#logic('or', ['or', '||'], () => this.#xor());
  }

  #xor(): ExprNode {
    return this.#logic('xor', ['xor', '^^'], () => this.#and());
  }

  #and(): ExprNode {
    return this.#logic('and', ['and', '&&'], () => this.#not());
  }

  /** Long chains become balanced trees, so that what recurses over them stays shallow. */
  #logic(kind: 'and' | 'or' | 'xor', spellings: string[], operand: () => ExprNode): ExprNode {
    const parts = [operand()];
    while (this.#take(...spellings) !== undefined) parts.push(operand());
    return balanced(kind, parts, 0, parts.length);
  }

  #not(): ExprNode {
    const signs: Token[] = [];
    for (let t = this.#take('not', '!'); t !== undefined; t = this.#take('not', '!')) signs.push(t);
    const of = this.#test();
    if (signs.length > MAX_DEPTH) throw filterError('WW_FILTER_SYNTAX', `The filter nests more than ${MAX_DEPTH} levels.`, this.#text, signs[MAX_DEPTH]);
    return signs.reduceRight<ExprNode>((inner, t) => ({ kind: 'not', of: inner, at: t.at, len: inner.at + inner.len - t.at }), of);
  }

  #test(): ExprNode {
    this.#term();
    const open = this.#take('(');
    if (open !== undefined) {
      this.#enter();
      const inner = this.#or();
      this.#need(')', 'The right parenthesis is missing.');
      this.#depth--;
      const after = this.#peek();
      if (after.kind !== 'end' && COMPARISONS[after.value] !== undefined && (after.kind === 'op' || after.kind === 'word')) {
        this.#unexpected('Parentheses group logic; arithmetic is grouped by braces: {ip.ttl - 1} == 63.');
      }
      return inner;
    }
    const quantifier = this.#quantifier();
    const value = this.#value();
    const negated = this.#peekNotIn();
    if (negated || this.#peekIs('in')) return this.#member(quantifier, value, negated);
    const first = this.#comparison(quantifier, value);
    if (first === undefined) {
      if (quantifier !== null) this.#unexpected(`"${quantifier}" needs a comparison after it.`);
      return { kind: 'exists', value, at: value.at, len: value.len };
    }
    // `a < b <= c` means `a < b and b <= c`.
    const parts: CompareNode[] = [first];
    let middle = first.right;
    for (let more = this.#comparison(null, middle); more !== undefined; more = this.#comparison(null, middle)) {
      this.#term();
      parts.push(more);
      middle = more.right;
    }
    if (parts.length === 1) return first;
    return balanced('and', parts.map((p) => ({ ...p, chained: true })), 0, parts.length);
  }

  #quantifier(): Quantifier {
    const t = this.#take('any', 'all');
    return t === undefined ? null : (t.value as 'any' | 'all');
  }

  #peekIs(spelling: string): boolean {
    const t = this.#peek();
    return t.kind === 'word' && t.value === spelling;
  }

  #peekNotIn(): boolean {
    const t = this.#peek();
    if (!((t.kind === 'word' && t.value === 'not') || (t.kind === 'op' && t.value === '!'))) return false;
    const after = this.#tokens[this.#next + 1];
    return after.kind === 'word' && after.value === 'in';
  }

  #comparison(quantifier: Quantifier, left: ValueNode): CompareNode | undefined {
    const t = this.#peek();
    const op = t.kind === 'op' || t.kind === 'word' ? COMPARISONS[t.value] : undefined;
    if (op === undefined) return undefined;
    this.#next++;
    const right = this.#value();
    return { kind: 'compare', op, quantifier, left, right, spelling: t.value, chained: false, at: left.at, len: right.at + right.len - left.at };
  }

  #member(quantifier: Quantifier, value: ValueNode, negated: boolean): ExprNode {
    if (negated) this.#next++;
    this.#next++;
    this.#need('{', 'A set stands in braces: tcp.port in {80, 443}.');
    const elements: MemberElement[] = [];
    do {
      this.#term();
      const low = this.#value();
      const high = this.#take('..') === undefined ? null : this.#value();
      elements.push({ low, high });
    } while (this.#take(',') !== undefined);
    const close = this.#need('}', 'Elements of a set are separated by commas, and a brace ends it.');
    const span = { at: value.at, len: close.at + 1 - value.at };
    const member: ExprNode = { kind: 'member', quantifier, value, elements, ...span };
    return negated ? { kind: 'not', of: member, ...span } : member;
  }

  #value(): ValueNode {
    return this.#arithmetic([['&', 'bitwise_and'], ['+', '-'], ['*', '/', '%']], 0);
  }

  #arithmetic(levels: readonly (readonly string[])[], level: number): ValueNode {
    if (level === levels.length) return this.#unary();
    let left = this.#arithmetic(levels, level + 1);
    let chain = 0;
    for (let t = this.#take(...levels[level]); t !== undefined; t = this.#take(...levels[level])) {
      if (++chain > MAX_DEPTH) throw filterError('WW_FILTER_SYNTAX', `An expression has more than ${MAX_DEPTH} operators.`, this.#text, t);
      const right = this.#arithmetic(levels, level + 1);
      const op = (t.value === 'bitwise_and' ? '&' : t.value) as ArithmeticOp;
      left = { kind: 'arithmetic', op, left, right, at: left.at, len: right.at + right.len - left.at };
    }
    return left;
  }

  #unary(): ValueNode {
    const sign = this.#take('-', '+');
    if (sign === undefined) return this.#sliced();
    this.#enter();
    const of = this.#unary();
    this.#depth--;
    return sign.value === '+' ? of : { kind: 'negate', of, at: sign.at, len: of.at + of.len - sign.at };
  }

  #sliced(): ValueNode {
    let value = this.#primary();
    for (let n = 0; this.#peek().kind === 'brackets'; n++) {
      const t = this.#peek();
      if (n > MAX_DEPTH) this.#unexpected();
      this.#next++;
      value = { kind: 'slice', of: value, ranges: parseRanges(t.value, 'slice', this.#text, t), at: value.at, len: t.at + t.len - value.at };
    }
    return value;
  }

  #primary(): ValueNode {
    const t = this.#peek();
    const span = { at: t.at, len: t.len };
    if (t.kind === 'string' || t.kind === 'raw') {
      this.#next++;
      return { kind: 'string', text: t.value, ...span };
    }
    if (t.kind === 'char') {
      this.#next++;
      return { kind: 'char', code: t.value.charCodeAt(0), ...span };
    }
    if (t.kind === 'reference') {
      this.#next++;
      return { kind: 'reference', field: t.value, ...span };
    }
    if (this.#take('{') !== undefined) {
      this.#enter();
      const inner = this.#value();
      const close = this.#need('}', 'The right brace is missing.');
      this.#depth--;
      return { ...inner, at: t.at, len: close.at + 1 - t.at };
    }
    if (this.#take('@') !== undefined) {
      const name = this.#peek();
      if (name.kind !== 'word' || WORD_OPERATORS.has(name.value)) this.#unexpected('"@" is followed by a field.');
      return this.#word(true, t.at);
    }
    if (t.kind !== 'word' || WORD_OPERATORS.has(t.value)) this.#unexpected();
    return this.#word(false, t.at);
  }

  #word(raw: boolean, at: number): ValueNode {
    const t = this.#peek();
    this.#next++;
    const after = this.#peek();
    if (!raw && after.kind === 'op' && after.value === '(' && after.at === t.at + t.len) return this.#call(t);
    if (this.#take('#') === undefined) return { kind: 'word', text: t.value, layers: null, raw, at, len: t.at + t.len - at };
    const layer = this.#peek();
    const given = layer.kind === 'brackets' ? layer.value : layer.kind === 'word' && /^\d+$/.test(layer.value) ? layer.value : undefined;
    if (given === undefined) {
      throw filterError('WW_FILTER_SYNTAX', 'A layer number or range was missing after "#".', this.#text, layer, 'ip.src#2, ip.src#[1-3] or ip.src#[-1].');
    }
    this.#next++;
    return { kind: 'word', text: t.value, layers: parseRanges(given, 'layer', this.#text, layer), raw, at, len: layer.at + layer.len - at };
  }

  #call(name: Token): ValueNode {
    this.#enter();
    this.#need('(');
    const args: ValueNode[] = [];
    if (!(this.#peek().kind === 'op' && this.#peek().value === ')')) {
      do args.push(this.#value());
      while (this.#take(',') !== undefined);
    }
    const close = this.#need(')', 'The right parenthesis is missing.');
    this.#depth--;
    return { kind: 'call', name: name.value, args, at: name.at, len: close.at + 1 - name.at };
  }
}

function balanced(kind: 'and' | 'or' | 'xor', parts: readonly ExprNode[], from: number, to: number): ExprNode {
  if (to - from === 1) return parts[from];
  const middle = (from + to) >> 1;
  const left = balanced(kind, parts, from, middle);
  const right = balanced(kind, parts, middle, to);
  return { kind, left, right, at: left.at, len: right.at + right.len - left.at };
}
