import { nearestNames } from '../base/nearest.ts';
import type { ArithmeticNode, CallNode, CompareNode, CompareOp, ExprNode, MemberNode, ValueNode, WordNode } from './ast.ts';
import type { Field, FieldType, Scheme } from './field.ts';
import { filterError, unknownField, type Span } from './filter-error.ts';
import { findFunction, functionNames } from './functions.ts';
import { parseLiteral, parseQuoted, type Literal } from './literals.ts';
import type { ConstantOperand, ElementTest, Operand, Test } from './typed.ts';
import { bytesOfText, comparable, kindOf, TYPE_TITLES } from './value.ts';

/** Names that protocols had before; filters that people keep still use them. */
const FORMER_NAMES: Readonly<Record<string, string>> = { bootp: 'dhcp', ssl: 'tls' };

/** Finds a field by its name, by a former name of its protocol, or by `.name`. */
export function findField(scheme: Scheme, name: string): Field | undefined {
  if (name.startsWith(':')) return undefined;
  const plain = name.startsWith('.') ? name.slice(1) : name;
  const found = scheme.find(plain);
  if (found !== undefined) return found;
  const dot = plain.indexOf('.');
  const head = dot < 0 ? plain : plain.slice(0, dot);
  const now = Object.hasOwn(FORMER_NAMES, head) ? FORMER_NAMES[head] : undefined;
  return now === undefined ? undefined : scheme.find(now + (dot < 0 ? '' : plain.slice(dot)));
}

/** Gives a parsed filter its fields and types. Throws WW_FILTER_FIELD and WW_FILTER_TYPE with a caret. */
export function checkFilter(expr: ExprNode, scheme: Scheme, text: string): Test {
  return new Checker(scheme, text).test(expr);
}

const SLICEABLE: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'bytes', 'protocol', 'ether', 'ipv4', 'ipv6', 'guid', 'oid', 'eui64']);
const CONTAINS: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'bytes', 'protocol', 'ether', 'guid', 'oid', 'eui64']);
const MATCHES: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'bytes', 'protocol']);

/** The comparison with its sides exchanged. */
const MIRRORED: Partial<Record<CompareOp, CompareOp>> = {
  any_eq: 'any_eq', all_ne: 'all_ne', all_eq: 'all_eq', any_ne: 'any_ne', gt: 'lt', lt: 'gt', ge: 'le', le: 'ge',
};

class Checker {
  readonly #scheme: Scheme;
  readonly #text: string;

  constructor(scheme: Scheme, text: string) {
    this.#scheme = scheme;
    this.#text = text;
  }

  test(e: ExprNode): Test {
    switch (e.kind) {
      case 'not':
        return { kind: 'not', of: this.test(e.of) };
      case 'and': case 'or': case 'xor':
        return { kind: e.kind, left: this.test(e.left), right: this.test(e.right) };
      case 'exists':
        return this.#exists(e.value);
      case 'compare':
        return this.#compare(e);
      case 'member':
        return this.#member(e);
    }
  }

  #fail(reason: string, span: Span, remedy?: string): never {
    throw filterError('WW_FILTER_TYPE', reason, this.#text, span, remedy);
  }

  #written(span: Span): string {
    return this.#text.slice(span.at, span.at + span.len);
  }

  #exists(value: ValueNode): Test {
    if (this.#isLiteral(value)) {
      if (value.kind === 'word' && /^\.?[A-Za-z_]/.test(value.text)) throw unknownField(value.text, this.#text, value, this.#scheme);
      throw filterError('WW_FILTER_SYNTAX', `Constant expression is invalid: ${this.#written(value)} is neither a field nor a protocol name.`, this.#text, value);
    }
    if (value.kind === 'call') {
      const called = this.#value(value);
      if (called.type === 'boolean') return { kind: 'nonzero', of: called };
      this.#fail('You cannot test whether a function is present.', value, `Compare it: ${this.#written(value)} > 0.`);
    }
    if (value.kind === 'reference') this.#fail('A reference is a value to compare with, not a test.', value);
    const of = this.#value(value);
    return of.kind === 'arithmetic' || of.kind === 'negate' ? { kind: 'nonzero', of } : { kind: 'exists', of };
  }

  #compare(e: CompareNode): Test {
    if (this.#isLiteral(e.left)) {
      const op = MIRRORED[e.op];
      if (!e.chained || op === undefined || this.#isLiteral(e.right)) this.#refuseConstant(e.left, e.spelling);
      return this.#compare({ ...e, op, left: e.right, right: e.left });
    }
    const left = this.#value(e.left);
    if (left.type === 'none') this.#fail(`${this.#written(e.left)} (${TYPE_TITLES.none}) cannot participate in a "${e.spelling}" comparison.`, e.left, 'It exists or not: write its name alone.');
    if (e.op === 'matches') {
      if (!MATCHES.has(left.type)) this.#fail(`${this.#written(e.left)} (${TYPE_TITLES[left.type]}) cannot participate in a "${e.spelling}" comparison.`, e.left, `string(${this.#written(e.left)}) makes it a text.`);
      if (e.right.kind !== 'string') this.#fail('Matches requires a double quoted string on the right side.', e.right);
      return { kind: 'matches', quantifier: e.quantifier, left, pattern: e.right.text, span: { at: e.right.at, len: e.right.len } };
    }
    if (e.op === 'contains' && !CONTAINS.has(left.type)) {
      this.#fail(`${this.#written(e.left)} (${TYPE_TITLES[left.type]}) cannot participate in a "contains" comparison.`, e.left);
    }
    return { kind: 'compare', op: e.op, quantifier: e.quantifier, left, right: this.#against(e.right, left, e.left, e.op === 'contains') };
  }

  #refuseConstant(node: ValueNode, spelling: string): never {
    if (node.kind === 'word' && /^\.?[A-Za-z_]/.test(node.text)) throw unknownField(node.text, this.#text, node, this.#scheme);
    if (node.kind === 'arithmetic' || node.kind === 'negate') this.#fail('Constant arithmetic expression on the left side is invalid.', node);
    const subtraction = node.kind === 'word' && node.text.includes('-') && findField(this.#scheme, node.text.slice(0, node.text.indexOf('-'))) !== undefined;
    this.#fail(`Left side of "${spelling}" expression must be a field or function, not ${this.#written(node)}.`, node,
      subtraction ? 'A minus needs a space before it.' : 'Write the field first.');
  }

  #member(e: MemberNode): Test {
    const value = this.#isLiteral(e.value) ? undefined : this.#value(e.value);
    if (value === undefined && e.value.kind === 'word' && /^\.?[A-Za-z_]/.test(e.value.text)) throw unknownField(e.value.text, this.#text, e.value, this.#scheme);
    if (value === undefined || value.kind !== 'field') this.#fail('Only a field may be tested for membership in a set.', e.value);
    if (value.type === 'none') this.#fail(`${this.#written(e.value)} (${TYPE_TITLES.none}) has no value to look for in a set.`, e.value);
    const elements = e.elements.map((m): ElementTest => ({
      low: this.#against(m.low, value, e.value),
      high: m.high === null ? null : this.#against(m.high, value, e.value),
    }));
    return { kind: 'member', quantifier: e.quantifier, value, elements };
  }

  /** The right side of a comparison: a literal takes the left side's type, all else must fit it. */
  #against(node: ValueNode, left: Operand, leftNode: ValueNode, part = false): Operand {
    const type = part && left.type !== 'string' ? 'bytes' : left.type;
    if (this.#isLiteral(node)) return this.#literal(node, type, this.#nameSource(left), left.kind === 'arithmetic' || left.kind === 'negate' || left.kind === 'call');
    const right = this.#value(node, left);
    if (!comparable(type, right.type)) {
      this.#fail(`${this.#written(leftNode)} (${TYPE_TITLES[left.type]}) and ${this.#written(node)} (${TYPE_TITLES[right.type]}) are not of compatible types.`, node);
    }
    return right;
  }

  /** The field whose value names a literal may use. */
  #nameSource(operand: Operand): Field | undefined {
    return operand.kind === 'field' && !operand.raw ? operand.field : undefined;
  }

  /** A word that names no field, a quoted text, a character, or arithmetic of such: its type comes from its partner. */
  #isLiteral(node: ValueNode): boolean {
    switch (node.kind) {
      case 'string': case 'char':
        return true;
      case 'word':
        return !node.raw && node.layers === null && !node.text.startsWith('.') && findField(this.#scheme, node.text) === undefined;
      case 'negate': case 'slice':
        return this.#isLiteral(node.of);
      case 'arithmetic':
        return this.#isLiteral(node.left) && this.#isLiteral(node.right);
      default:
        return false;
    }
  }

  #literal(node: ValueNode, type: FieldType, field: Field | undefined, wide: boolean): Operand {
    if (node.kind === 'negate' || node.kind === 'arithmetic') {
      this.#needArithmetic(node.kind === 'negate' ? '-' : node.op, type, node);
      if (node.kind === 'negate') return { kind: 'negate', of: this.#literal(node.of, type, undefined, true), type };
      return { kind: 'arithmetic', op: node.op, left: this.#literal(node.left, type, undefined, true), right: this.#literal(node.right, type, undefined, true), type };
    }
    let parsed: Literal;
    if (node.kind === 'word') parsed = parseLiteral(node.text, type, field, wide);
    else if (node.kind === 'string') parsed = parseQuoted(node.text, bytesOfText(node.text), type, field);
    else if (node.kind === 'char') {
      const c = String.fromCharCode(node.code);
      parsed = kindOf(type) === 'int' || kindOf(type) === 'big' ? parseLiteral(String(node.code), type, undefined) : parseQuoted(c, bytesOfText(c), type, field);
    } else this.#fail('A constant cannot be sliced.', node);
    if ('reason' in parsed) this.#refuse(parsed.reason, node, type);
    return { kind: 'constant', type, ...parsed } satisfies ConstantOperand;
  }

  /** A literal that does not fit may be a misspelt field. */
  #refuse(reason: string, node: ValueNode, type: FieldType): never {
    const near = node.kind === 'word' && /^[A-Za-z_][\w-]*\.[\w.-]+$/.test(node.text) ? nearestNames(node.text, this.#scheme.names(), 1) : [];
    const digits = node.kind === 'word' && /^\d+-\d+$/.test(node.text) && kindOf(type) === 'int';
    this.#fail(reason, node, near.length > 0 ? `Did you mean the field "${near[0]}"?` : digits ? 'A minus needs a space before it.' : undefined);
  }

  #value(node: ValueNode, partner?: Operand): Operand {
    switch (node.kind) {
      case 'word':
        return this.#field(node);
      case 'reference': {
        const field = findField(this.#scheme, node.field);
        if (field === undefined) throw unknownField(node.field, this.#text, node, this.#scheme);
        return { kind: 'reference', field, type: field.type };
      }
      case 'slice': {
        const of = this.#value(node.of);
        if (!SLICEABLE.has(of.type)) this.#fail(`"${this.#written(node.of)}" (${TYPE_TITLES[of.type]}) cannot be sliced into a sequence of bytes.`, node.of, `@${this.#written(node.of)} gives its raw bytes.`);
        return { kind: 'slice', of, ranges: node.ranges, type: of.type === 'string' ? 'string' : 'bytes' };
      }
      case 'negate': {
        const of = this.#value(node.of, partner);
        this.#needArithmetic('-', of.type, node);
        return { kind: 'negate', of, type: of.type };
      }
      case 'arithmetic':
        return this.#arithmetic(node);
      case 'call':
        return this.#call(node);
      default:
        return this.#fail(`${this.#written(node)} is a constant; a field is needed here.`, node);
    }
  }

  #field(node: WordNode): Operand {
    const field = findField(this.#scheme, node.text);
    if (field === undefined) throw unknownField(node.text, this.#text, node, this.#scheme);
    if (node.raw && field.type === 'none') this.#fail(`${node.text} (${TYPE_TITLES.none}) has no bytes.`, node);
    return { kind: 'field', field, layers: node.layers, raw: node.raw, type: node.raw ? 'bytes' : field.type };
  }

  #needArithmetic(op: string, type: FieldType, span: Span): void {
    const kind = kindOf(type);
    const integer = (kind === 'int' && type !== 'boolean') || kind === 'big';
    const can = op === '&' ? integer || type === 'bytes' || type === 'ether' || type === 'protocol'
      : op === '+' || op === '-' ? integer || kind === 'float' || type === 'reltime'
        : op === '%' ? integer : integer || kind === 'float';
    if (!can) this.#fail(`${this.#written(span)}: a value of this type (${TYPE_TITLES[type]}) cannot take "${op}".`, span);
  }

  #arithmetic(node: ArithmeticNode): Operand {
    const literalLeft = this.#isLiteral(node.left);
    const literalRight = this.#isLiteral(node.right);
    if (literalLeft && literalRight) this.#fail('Constant arithmetic expression is invalid here.', node);
    const known = this.#value(literalLeft ? node.right : node.left);
    this.#needArithmetic(node.op, known.type, node);
    if (literalLeft || literalRight) {
      const constant = this.#literal(literalLeft ? node.left : node.right, known.type, undefined, true);
      return { kind: 'arithmetic', op: node.op, left: literalLeft ? constant : known, right: literalLeft ? known : constant, type: known.type };
    }
    const right = this.#value(node.right);
    if (!comparable(known.type, right.type)) this.#fail(`${this.#written(node.left)} and ${this.#written(node.right)} are not of compatible types.`, node);
    this.#needArithmetic(node.op, right.type, node);
    const type = kindOf(known.type) === 'big' ? known.type : right.type;
    return { kind: 'arithmetic', op: node.op, left: known, right, type: kindOf(type) === 'big' ? type : known.type };
  }

  #call(node: CallNode): Operand {
    const fn = findFunction(node.name);
    if (fn === undefined) {
      const near = nearestNames(node.name, functionNames(), 1);
      throw filterError('WW_FILTER_SYNTAX', `Function '${node.name}' does not exist.`, this.#text, { at: node.at, len: node.name.length },
        near.length > 0 ? `Did you mean ${near[0]}()?` : `There are ${functionNames().join(', ')}.`);
    }
    if (node.args.length < fn.minArgs || node.args.length > fn.maxArgs) {
      this.#fail(`Function ${fn.name} takes ${fn.minArgs === fn.maxArgs ? fn.minArgs : `${fn.minArgs} to ${fn.maxArgs}`} argument(s), not ${node.args.length}.`, node);
    }
    const first = this.#argument(node.args[0], fn.name, fn.wants);
    const result = fn.result(first.type, this.#nameSource(first));
    if (result === undefined) this.#fail(`${fn.name}() wants ${fn.wants}, not ${this.#written(node.args[0])} (${TYPE_TITLES[first.type]}).`, node.args[0]);
    const args = [first];
    for (const arg of node.args.slice(1)) {
      const literal = this.#isLiteral(arg);
      const next = literal ? this.#literal(arg, first.type, this.#nameSource(first), true) : this.#argument(arg, fn.name, fn.wants);
      if (!comparable(first.type, next.type)) this.#fail(`Argument ${this.#written(arg)} is not valid for ${fn.name}().`, arg);
      args.push(next);
    }
    return { kind: 'call', fn, args, type: result };
  }

  #argument(node: ValueNode, name: string, wants: string): Operand {
    if (this.#isLiteral(node)) {
      if (node.kind === 'word' && /^[A-Za-z_]/.test(node.text)) throw unknownField(node.text, this.#text, node, this.#scheme);
      this.#fail(`${this.#written(node)} is not valid for ${name}(): it wants ${wants}.`, node);
    }
    return this.#value(node);
  }
}
